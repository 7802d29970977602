/** A child's program as one file of plain JavaScript: half the time to start, and starting is most of a round. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** @returns the path of the file, in `folder` */
export async function bundle(name: string, folder: string): Promise<string> {
  const file = `${name}.cjs`
  await build({
    configFile: false,
    logLevel: 'error',
    // The file lies in a folder where no package is found.
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'node24',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: file } },
    },
  })
  return join(folder, file)
}
