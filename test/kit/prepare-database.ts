/** Makes what fresh databases are copied from: see `contents.ts`. */
import { openEmbedded } from '../../src/store/embedded.ts'
import type { Contents } from './contents.ts'
import type { DatabaseTarget } from './database.ts'
import { openHost } from './host-orm.ts'
import { openStore } from './store.ts'

const [, , place = '', contents = 'app'] = process.argv
const target: DatabaseTarget = JSON.parse(place)
const byApp = target.kind === 'embedded' ? 'own' : 'none'

const OPEN: Readonly<Record<Contents, () => Promise<{ close(): Promise<void> }>>> = {
  empty: () => openEmbedded(target.kind === 'embedded' ? target.dir : ''),
  app: () => openStore(target, { references: byApp }),
  own: () => openStore(target, { references: 'own' }),
  host: () => openHost(target),
}
await (await OPEN[contents as Contents]()).close()
