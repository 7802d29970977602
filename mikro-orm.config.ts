/** For MikroORM's own command line, on a server: `DATABASE_URL=… npm run orm -- migration:check`. */
import { defineConfig } from '@mikro-orm/postgresql'
import { ORM_OPTIONS } from './src/store/orm.ts'

export default defineConfig({ ...ORM_OPTIONS, clientUrl: process.env.DATABASE_URL ?? 'postgres://127.0.0.1/daybook' })
