import { execFile } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'

const run = promisify(execFile)

test('where a bundler has built Daybook into the file of an app, the start says so, whatever lies above that file', async () => {
  const dir = createTestFolder('bundled')
  for (const file of ['config/package.ts', 'event/fault.ts']) cpSync(join('src', file), join(dir, 'app/src', file))
  const start = `import('./app/src/config/package.ts').then(({ readVersion }) => readVersion()).catch(({ code, message }) => console.log(code, message))`
  const said = async (): Promise<string> => (await run(process.execPath, ['-e', start], { cwd: dir })).stdout
  expect(await said()).toMatch(/^bundled .*external/)
  writeFileSync(join(dir, 'app/package.json'), JSON.stringify({ name: 'an-app', version: '9.9.9' }))
  expect(await said()).toMatch(/^bundled .*external/)
})
