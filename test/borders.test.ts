import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { violationsIn } from './borders.ts'
import { temporaryFolder } from './store/folder.ts'

describe('the check of the borders', () => {
  let remove = async (): Promise<void> => {}
  afterEach(() => remove())

  /** What it finds in a project of these files. */
  const foundIn = async (files: Record<string, string>): Promise<string[]> => {
    const folder = await temporaryFolder()
    remove = folder.remove
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder.dir, file)), { recursive: true })
      writeFileSync(join(folder.dir, file), text)
    }
    return violationsIn(folder.dir)
  }

  test('has nothing against imports inside a room, inwards, and of a room’s own packages', async () => {
    expect(
      await foundIn({
        'domain/a.ts': "import { z } from 'zod'\nimport type { B } from './b.ts'\nexport const a = z",
        'domain/b.ts': '// Date.now() is for others\nexport type B = Date\n',
        'api/commands/g.ts':
          "import { randomUUID } from 'node:crypto'\nimport { a } from '../../domain/a.ts'\n",
        'projections/c.ts':
          "import type Database from 'better-sqlite3'\nimport { a } from '../domain/a.ts'\n",
        'api/d.ts':
          "import {\n  a,\n} from '../domain/a.ts'\nimport cors from '@fastify/cors'\nimport './commands/g.ts'\n",
        'src/e.ts': "import { readFileSync } from 'node:fs'\nimport '../api/d.ts'\n",
        'test/f.test.ts': "import '../src/e.ts'\n",
      }),
    ).toEqual([])
  })

  test.each<[string, string, string, string]>([
    [
      'outwards',
      'domain/a.ts',
      "// first line\nimport { q } from '../projections/q.ts'",
      'a.ts:2 domain must not import projections/q.ts',
    ],
    [
      'of types outwards',
      'domain/a.ts',
      "import type { q } from '../api/q.ts'",
      'a.ts:1 domain must not import api/q.ts',
    ],
    [
      'over several lines',
      'api/a.ts',
      "import {\n  q,\n  r,\n} from '../src/q.ts'",
      'a.ts:4 api must not import src/q.ts',
    ],
    [
      're-exported',
      'projections/a.ts',
      "export * from '../api/q.ts'",
      'a.ts:1 projections must not import api/q.ts',
    ],
    [
      'of a module that does I/O',
      'domain/a.ts',
      "import fs from 'node:fs'",
      'a.ts:1 domain must not import node:fs',
    ],
    [
      'of a package of another room',
      'domain/a.ts',
      "import Fastify from 'fastify'",
      'a.ts:1 domain must not import fastify',
    ],
    ['for its effect only', 'api/a.ts', "import 'luxor'", 'a.ts:1 api must not import luxor'],
    [
      'of what opens databases elsewhere',
      'src/a.ts',
      "import Database from 'better-sqlite3'",
      'a.ts must open databases by projections/openDatabase.ts',
    ],
    [
      'of HTTP by a command',
      'api/commands/a.ts',
      "import { q } from '../http/q.ts'",
      'a.ts:1 api/commands must not import api/http/q.ts',
    ],
    [
      'of the HTTP server by a command',
      'api/commands/a.ts',
      "import type { FastifyRequest } from 'fastify'",
      'a.ts:1 api/commands must not import fastify',
    ],
    ['made while running', 'api/a.ts', "await import('../src/q.ts')", 'a.ts:1 api must not import src/q.ts'],
    ['of a test by the service', 'src/a.ts', "import '../test/q.ts'", 'a.ts:1 src must not import test/q.ts'],
  ])('finds an import %s', async (_, file, text, expected) => {
    expect(await foundIn({ [file]: text })).toEqual([`${dirname(file)}/${expected}`])
  })

  test('finds a circle, and names who closes it', async () => {
    expect(
      await foundIn({
        'domain/a.ts': "import { b } from './b.ts'\n",
        'domain/b.ts': "\nimport { c } from './c.ts'\n",
        'domain/c.ts': "import { a } from './a.ts'\n",
      }),
    ).toEqual(['domain/c.ts:1 closes a circle: domain/a.ts → domain/b.ts → domain/c.ts → domain/a.ts'])
  })

  test('finds a circle of types', async () => {
    expect(
      await foundIn({
        'domain/a.ts': "import type { B } from './b.ts'\n",
        'domain/b.ts': "import type { A } from './a.ts'\n",
      }),
    ).toEqual(['domain/b.ts:1 closes a circle: domain/a.ts → domain/b.ts → domain/a.ts'])
  })

  test.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'new Date()'],
    ['Math.random()', 'Math.random'],
    ['process.env.X', 'process.env'],
    ['console.log(1)', 'console.log'],
    ['performance.now()', 'performance.now'],
  ])('finds %s in a room of pure functions', async (use, found) => {
    expect(await foundIn({ 'domain/a.ts': `export const a =\n  () => ${use}\n` })).toEqual([
      `domain/a.ts:2 domain must be given what it takes from ${found}`,
    ])
  })
})
