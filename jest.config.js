import { availableParallelism } from 'node:os'
import { join } from 'node:path'

// the tests start some hundred processes: with their code compiled already, each needs 40 % less of the processor
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/support/environment.js',
  testSequencer: '<rootDir>/test/support/sequencer.js',
  // what a test file leaves running fails it (see the environment); jest itself always ends
  forceExit: true,
  // a browser and the service's process work beside a test file
  maxWorkers: availableParallelism(),
  reporters: ['default', '<rootDir>/test/support/progress.js'],
  // test files stay loaded, and what they refer to with them
  workerIdleMemoryLimit: '1500MB',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // test files share the modules of a worker
  testRunner: '<rootDir>/test/support/runner.js',
  // for coverage alone
  transform: { '\\.ts$': '<rootDir>/test/support/stripTypes.js' },
  // for a test that hangs, not for one that is slow on a busy machine
  testTimeout: 180_000,
  collectCoverageFrom: ['domain/**/*.ts'],
  coverageReporters: ['text-summary', 'text'],
  coverageThreshold: { './domain/': { branches: 95 } },
}
