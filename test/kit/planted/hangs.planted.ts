import { once } from 'node:events'
import { test } from '@jest/globals'
import { tell } from '../clean-up.ts'

test('hangs', async () => {
  tell(`server ${process.env.TEST_POSTGRES_URL} in ${process.env.TEST_POSTGRES_FOLDER}`)
  setInterval(() => undefined, 1000)
  await once(process, 'never')
})
