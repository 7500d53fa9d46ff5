import { globSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

test('one file alone knows the vendor of EventStoreDB’s client', () => {
  const knowing = globSync('{domain,projections,api,src}/**/*.ts', { cwd: process.cwd() }).filter((file) =>
    /from '@eventstore\/|from '@grpc\//.test(readFileSync(file, 'utf8')),
  )
  expect(knowing).toEqual(['src/store/esdb/client.ts'])
})
