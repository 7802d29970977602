import type { Config } from 'jest'
import common from '../../jest.config.ts'

/** A configuration and no more flags, so that what follows the command names files: `npm run faults -- database`. */
const config: Config = {
  ...common,
  rootDir: '../..',
  roots: ['<rootDir>/test/faults'],
  testPathIgnorePatterns: ['/node_modules/'],
}

// biome-ignore lint/style/noDefaultExport: Jest asks for one
export default config
