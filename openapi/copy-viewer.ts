/** Swagger UI → dist/docs, for `/docs`. Copied, so that who installs Daybook gets what is shown and nothing else of it. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const FILES = ['swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'swagger-ui.css', 'LICENSE', 'NOTICE']

// Its addresses are relative, for mounts and for proxies that cut paths.
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Daybook API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
`

// Asks nobody else whether the file is valid, and keeps no key in the browser.
const START = `SwaggerUIBundle({
  url: 'openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, persistAuthorization: false,
})
`

export function copyViewer(target: string): void {
  const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  mkdirSync(target, { recursive: true })
  for (const file of FILES) copyFileSync(join(source, file), join(target, file))
  writeFileSync(join(target, 'index.html'), PAGE)
  writeFileSync(join(target, 'start.js'), START)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  copyViewer(fileURLToPath(new URL('../dist/docs', import.meta.url)))
