/** A host's project with the pieces in its `node_modules`, as the package has them, and its page, built by Vite. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join, resolve } from 'node:path'
import { blocksOf } from '../docs/blocks.ts'
import { createTestFolder } from '../kit/folder.ts'
import { runCommand } from '../kit/run-command.ts'

const TEST = 'test/dashboard/react.e2e.test.ts'

export interface Project {
  readonly folder: string
  /** What the host serves. */
  readonly pages: string
}

export function buildReactPage(): Project {
  const folder = createTestFolder('react')
  const daybook = join(folder, 'node_modules/daybook')
  mkdirSync(join(daybook, 'dist/src/client'), { recursive: true })
  for (const name of ['react', 'react-dom'])
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name), 'junction')
  cpSync('package.json', join(daybook, 'package.json'))
  for (const name of readdirSync('src/client')) {
    const script = stripTypeScriptTypes(readFileSync(join('src/client', name), 'utf8')).replaceAll(".ts'", ".js'")
    writeFileSync(join(daybook, 'dist/src/client', name.replace(/\.ts$/, '.js')), script)
  }
  build('src/dashboard/react', join(daybook, 'dist/react'))

  cpSync('test/dashboard/react-page', folder, { recursive: true })
  const [example] = blocksOf('docs/embed.md').filter(({ marks }) => marks.test === TEST)
  if (!example) throw new Error('docs/embed.md has lost its example of a piece.')
  writeFileSync(join(folder, 'conversation.jsx'), example.text)
  const pages = join(folder, 'pages')
  build(folder, pages)
  return { folder, pages }
}

function build(root: string, outDir: string): void {
  const args = ['build', root, '--outDir', outDir, '--emptyOutDir', '--base', './', '--logLevel', 'warn']
  const failed = runCommand(process.execPath, resolve('node_modules/vite/bin/vite.js'), ...args)
  if (failed !== undefined) throw new Error(failed)
}
