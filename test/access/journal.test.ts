/** The journals of the access log: each line once in the log that nodes share, whatever is killed, and when (rulebook §17). */
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { AccessLine } from '../../domain/accessLog.ts'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import { type AccessTarget, type Journal, openJournal } from '../../src/access/journal.ts'
import type { JournalEntry } from '../../src/access/journalFile.ts'

let dir: string
let opened: { close(): Promise<void> }[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'))
})
afterEach(async () => {
  for (const each of opened) await each.close()
  opened = []
  rmSync(dir, { recursive: true, force: true })
})

const lineOf = (requestId: string): AccessLine => ({
  at: '2026-03-02T02:00:00.000Z',
  ...{ actor: 'csr', sub: 'csr', roles: ['csr'], method: 'GET', route: '/v1/tickets', requestId },
  ...{ subjectIds: ['s1'], ticketNos: ['T1'], filters: null, count: 1 },
})
const entryOf = (id: string): JournalEntry => ({ line: lineOf(id), file: null })
const idOf = (entry: JournalEntry): string =>
  'line' in entry ? entry.line.requestId : `end of ${entry.file}`

/** A target in memory; `fails`: how its next acts end. */
const targetInMemory = () => {
  const had = new Map<string, string[]>()
  const fails: ('before' | 'after')[] = []
  let isAway = false
  const target: AccessTarget = {
    countOf: async (journal) => {
      if (isAway) throw new StoreUnavailable('away')
      return had.get(journal)?.length ?? 0
    },
    take: async (journal, from, entries) => {
      if (isAway) throw new StoreUnavailable('away')
      const fail = fails.shift()
      if (fail === 'before') throw new StoreUnavailable('before')
      const before = had.get(journal) ?? []
      if (before.length !== from) throw new Error(`it has ${before.length} and not ${from}`)
      had.set(journal, [...before, ...entries.map(idOf)])
      if (fail === 'after') throw new StoreUnavailable('after')
    },
  }
  return {
    ...{ target, fails },
    all: (): string[] => [...had.values()].flat(),
    leave: (away: boolean) => {
      isAway = away
    },
  }
}
const open = (target: AccessTarget, at = dir): Journal => {
  const journal = openJournal(at, target)
  opened.push(journal)
  return journal
}
const journals = (at = dir): string[] => readdirSync(at).filter((name) => name.endsWith('.journal'))

describe('a journal', () => {
  test('has an entry on the disk when the write returns, and brings it over once', async () => {
    const { target, all } = targetInMemory()
    const journal = open(target)
    for (const id of ['1', '2', '3']) journal.write(entryOf(id))
    const [name] = journals()
    expect(readFileSync(join(dir, name!), 'utf8').match(/"requestId":"\d"/g)).toHaveLength(3)
    expect(all()).toEqual([])
    await journal.settle()
    await journal.settle()
    expect(all()).toEqual(['1', '2', '3'])
  })

  test('is removed when its entries are over, and by a close', async () => {
    const { target, all } = targetInMemory()
    const journal = open(target)
    journal.write(entryOf('1'))
    await journal.close()
    expect([journals(), all()]).toEqual([[], ['1']])
  })

  test.each([['before'], ['after']] as const)(
    'doubles and loses nothing where the target fails %s it took a batch',
    async (when) => {
      const { target, fails, all } = targetInMemory()
      const journal = open(target)
      journal.write(entryOf('1'))
      fails.push(when)
      await journal.settle()
      journal.write(entryOf('2'))
      await journal.settle()
      expect(all()).toEqual(['1', '2'])
    },
  )

  test('that a killed process left is brought over by the next, without the end that was torn off', async () => {
    const { target, fails, all } = targetInMemory()
    const journal = open(target)
    journal.write(entryOf('1'))
    await journal.settle()
    journal.write(entryOf('2'))
    journal.write(entryOf('3'))
    const killed = join(dir, 'killed')
    cpSync(join(dir, journals()[0]!), join(killed, journals()[0]!), { recursive: true })
    appendFileSync(join(killed, journals()[0]!), '{"line":{"at":"2026')
    fails.push('after')
    const next = open(target, killed)
    next.write(entryOf('4'))
    await next.settle()
    await next.settle()
    expect(all()).toEqual(['1', '2', '3', '4'])
    await next.close()
    expect(journals(killed)).toEqual([])
  })

  test('waits for a target that is away, over a restart too', async () => {
    const { target, all, leave } = targetInMemory()
    leave(true)
    const journal = open(target)
    journal.write(entryOf('1'))
    await journal.close()
    expect([journals().length, all()]).toEqual([1, []])
    leave(false)
    const next = open(target)
    await next.settle()
    expect([journals(), all()]).toEqual([[], ['1']])
  })

  test('takes no entry while too many wait for the target, and says so', async () => {
    const { target, leave } = targetInMemory()
    leave(true)
    const journal = open(target)
    for (let nth = 0; nth < 20_000; nth++) journal.write(entryOf(String(nth)))
    expect(journal.reason()).toBeNull()
    expect(() => journal.write(entryOf('more'))).toThrow(StoreUnavailable)
    expect(journal.reason()).not.toBeNull()
    leave(false)
    await journal.settle()
    journal.write(entryOf('again'))
    expect(journal.reason()).toBeNull()
  })

  test('that cannot be written to refuses the line', () => {
    const { target } = targetInMemory()
    const journal = open(target)
    rmSync(dir, { recursive: true })
    expect(() => journal.write(entryOf('1'))).toThrow(StoreUnavailable)
    expect(journal.reason()).not.toBeNull()
  })
})
