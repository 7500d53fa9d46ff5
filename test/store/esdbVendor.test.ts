import { globSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

test('three files alone know the vendor’s client of EventStoreDB', () => {
  const knowing = globSync('{domain,projections,api,src}/**/*.ts', { cwd: process.cwd() }).filter((file) =>
    /from '@eventstore\/|from '@grpc\//.test(readFileSync(file, 'utf8')),
  )
  expect(knowing.sort()).toEqual(['calls', 'client', 'connect'].map((name) => `src/store/esdb/${name}.ts`))
})
