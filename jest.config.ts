import type { Config } from 'jest'

const config: Config = {
  testEnvironment: '<rootDir>/test/kit/environment.ts',
  // `src` is here so that files without any test count in the coverage.
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The faults take their time: `npm run faults`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/fence/planted/', '<rootDir>/test/faults/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/kit/strip-types.mjs' },
  globalSetup: '<rootDir>/test/kit/global-setup.ts',
  globalTeardown: '<rootDir>/test/kit/global-teardown.ts',
  maxWorkers: 2,
  testTimeout: 240_000,
  collectCoverageFrom: ['src/**/*.ts', '!src/dashboard/**'],
  coverageProvider: 'v8',
}

export default config
