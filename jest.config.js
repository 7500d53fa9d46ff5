/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // for a test that hangs, not for one that is slow on a busy machine
  testTimeout: 180_000,
  collectCoverageFrom: ['domain/**/*.ts'],
  coverageReporters: ['text-summary', 'text'],
  coverageThreshold: { './domain/': { branches: 95 } },
}
