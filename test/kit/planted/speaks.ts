process.stdout.write(`hello ${process.argv[2]} ${process.env.DAYBOOK_GREETING}\n`)
setInterval(() => undefined, 1000)
