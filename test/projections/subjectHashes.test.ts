import { describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { hashListSql } from '../../projections/columns/hashList.ts'
import { createSubjectHashes } from '../../projections/subjectHashes.ts'

const hash = (text: string): Buffer => Buffer.alloc(16, text)

/** Rows `owners` with two hashes each, which are written as their view writes them. */
const opened = () => {
  const db = new Database(':memory:')
  db.exec(`${hashListSql('list')}; CREATE TABLE owners (id INTEGER PRIMARY KEY, subjectId TEXT NOT NULL)`)
  const hashes = createSubjectHashes(db, { list: 'list', rows: 'owners', each: 2 })
  let added: [number, string][] = []
  const add = (subjectId: string, customerId: string | null, phone: string | null): number => {
    const given = [customerId, phone].map((text) => (text === null ? null : hash(text)))
    const id = hashes.add(subjectId, given)
    added.push([id, subjectId])
    return id
  }
  const flush = (): void => {
    for (const row of added) db.prepare('INSERT INTO owners VALUES (?, ?)').run(...row)
    added = []
    hashes.flush()
  }
  const discard = (): void => {
    added = []
    hashes.discard()
  }
  return { hashes, add, flush, discard }
}

describe('the hashes of a table of customers', () => {
  test('find its rows by any of their hashes, the newest first', () => {
    const { hashes, add, flush } = opened()
    expect([add('ann', 'a', '1'), add('bob', null, '1'), add('ann', 'a', '2')]).toEqual([1, 2, 3])
    expect(hashes.find(hash('1'))).toEqual([])
    flush()
    expect([hashes.find(hash('1')), hashes.find(hash('a')), hashes.find(hash('3'))]).toEqual([
      [2, 1],
      [3, 1],
      [],
    ])
    expect([hashes.subjectsOf(hash('1')), hashes.subjectsOf(hash('a'))]).toEqual([['bob', 'ann'], ['ann']])
  })

  test('name the subject of the newest row with the first hash, else with the second', () => {
    const { hashes, add, flush } = opened()
    add('ann', 'a', '1')
    add('bob', 'b', '1')
    flush()
    expect(hashes.subjectOf(hash('a'), hash('1'))).toBe('ann')
    expect(hashes.subjectOf(hash('c'), hash('1'))).toBe('bob')
    expect(hashes.subjectOf(null, hash('2'))).toBeNull()
  })

  test('find nothing of a forgotten subject, in rows that are written and in those that are not', () => {
    const { hashes, add, flush } = opened()
    add('ann', 'a', '1')
    flush()
    add('bob', 'b', '1')
    add('ann', 'a', '1')
    hashes.forget('ann')
    flush()
    expect([hashes.find(hash('a')), hashes.find(hash('1'))]).toEqual([[], [2]])
  })

  test('are replaced at the row they belong to', () => {
    const { hashes, add, flush } = opened()
    add('ann', 'a', '1')
    add('bob', 'b', '2')
    flush()
    hashes.replace(1, [null, hash('3')])
    flush()
    expect([hashes.find(hash('a')), hashes.find(hash('1')), hashes.find(hash('3'))]).toEqual([[], [], [1]])
    expect(hashes.find(hash('2'))).toEqual([2])
  })

  test('give an id again that was discarded', () => {
    const { hashes, add, flush, discard } = opened()
    add('ann', 'a', '1')
    flush()
    expect(add('bob', 'b', '2')).toBe(2)
    discard()
    expect(add('cat', 'c', '3')).toBe(2)
    hashes.forget('bob')
    flush()
    expect(hashes.subjectsOf(hash('c'))).toEqual(['cat'])
  })
})
