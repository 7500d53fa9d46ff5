import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { createHashIndex } from '../../projections/columns/hashIndex.ts'
import { createHashList, hashListSql } from '../../projections/columns/hashList.ts'
import { createRandom } from '../../src/demo/random.ts'
import { temporaryFolder } from '../store/folder.ts'

/** Few values, many times each, and gaps. */
const valuesOf = (count: number, kinds: number): (Buffer | null)[] => {
  const random = createRandom('hashes')
  const kindOf = (number: number): Buffer => Buffer.alloc(16, `kind ${number} of a few`)
  return Array.from({ length: count }, () => (random.chance(0.1) ? null : kindOf(random.int(1, kinds))))
}
const placesIn = (values: readonly (Buffer | null)[], wanted: Buffer): number[] =>
  values.flatMap((value, place) => (value?.equals(wanted) ? [place] : [])).reverse()

const listIn = (db: Database.Database) => createHashList(db, 'list')
const newDatabase = (): Database.Database => new Database(':memory:').exec(hashListSql('list'))

describe('a list of hashes', () => {
  test.each([1, 7, 250, 251, 5_000])('finds each value at all its places, written %i at a time', (size) => {
    const values = valuesOf(3_000, 40)
    const db = newDatabase()
    const list = listIn(db)
    for (let from = 0; from < values.length; from += size) {
      for (const value of values.slice(from, from + size)) list.add(value)
      list.flush()
    }
    expect(list.length()).toBe(values.length)
    for (const each of [list, listIn(db)])
      for (const value of values.slice(0, 60))
        if (value !== null) expect(each.find(value)).toEqual(placesIn(values, value))
    expect(list.find(Buffer.alloc(16, 'never added'))).toEqual([])
    expect(values.map((_, place) => list.at(place))).toEqual(values)
  })

  test('finds nothing at a place that was erased, in the rows too, and goes on after it', () => {
    const db = newDatabase()
    const list = listIn(db)
    const [first, second] = [Buffer.alloc(16, 'a'), Buffer.alloc(16, 'b')]
    list.add(first)
    list.add(second)
    list.flush()
    list.erase(1)
    list.add(second)
    list.flush()
    for (const each of [list, listIn(db)]) {
      expect(each.find(first)).toEqual([0])
      expect(each.find(second)).toEqual([2])
      expect([each.at(1), each.length()]).toEqual([null, 3])
    }
    const bytes = db.prepare<[], Buffer>('SELECT hashes FROM list').pluck().get()!
    expect(bytes.equals(Buffer.concat([first, Buffer.alloc(16), second]))).toBe(true)
  })

  test('finds a value at the place it was put to instead of another, in the rows too, in order', () => {
    const db = newDatabase()
    const list = listIn(db)
    const values = valuesOf(1_500, 5)
    for (const value of values) list.add(value)
    list.flush()
    const random = createRandom('other values')
    for (let round = 0; round < 400; round += 1) {
      const place = random.int(0, values.length - 1)
      const value = random.pick([null, ...values.slice(0, 20)])
      values[place] = value
      list.set(place, value)
      if (random.chance(0.3)) {
        list.add(value)
        values.push(value)
      }
      if (random.chance(0.1)) list.flush()
    }
    list.flush()
    expect(values.map((_, place) => list.at(place))).toEqual(values)
    for (const each of [list, listIn(db)])
      for (const value of values.slice(0, 60))
        if (value !== null) expect(each.find(value)).toEqual(placesIn(values, value))
  })

  test('forgets what was put to a place and not flushed', () => {
    const list = listIn(newDatabase())
    const [first, second] = [Buffer.alloc(16, 'a'), Buffer.alloc(16, 'b')]
    list.add(first)
    list.flush()
    list.set(0, second)
    list.discard()
    list.flush()
    expect([list.find(first), list.find(second)]).toEqual([[0], []])
  })

  test('forgets what was not flushed', () => {
    const list = listIn(newDatabase())
    const value = Buffer.alloc(16, 'x')
    list.add(value)
    list.discard()
    list.flush()
    expect([list.length(), list.find(value)]).toEqual([0, []])
  })

  test('is read by a connection that only reads when a value is looked for, and again when another has written', async () => {
    const { dir, remove } = await temporaryFolder()
    const db = new Database(join(dir, 'list.db')).exec(hashListSql('list'))
    const list = listIn(db)
    const value = Buffer.alloc(16, 'x')
    list.add(value)
    list.flush()
    const asked: string[] = []
    const reading = new Database(db.name, { readonly: true, verbose: (sql) => asked.push(String(sql)) })
    const reader = listIn(reading)
    const reads = () => asked.filter((sql) => sql.includes('ORDER BY id LIMIT')).length
    expect(reads()).toBe(0)
    expect(reader.find(value)).toEqual([0])
    const once = reads()
    expect(once).toBeGreaterThan(0)
    expect(reader.find(value)).toEqual([0])
    expect(reads()).toBe(once)
    list.add(value)
    list.flush()
    expect(reader.find(value)).toEqual([1, 0])
    expect(reads()).toBeGreaterThan(once)
    reading.close()
    db.close()
    await remove()
  })

  test('reads the rows again where the file has changed under it', () => {
    const db = newDatabase()
    const [list, other] = [listIn(db), listIn(db)]
    const value = Buffer.alloc(16, 'x')
    other.add(value)
    other.flush()
    expect(list.find(value)).toEqual([])
    list.reload()
    expect([list.length(), list.find(value)]).toEqual([1, [0]])
  })
})

describe('places', () => {
  test('are found by their tag alone, the newest first, however many share it and however often room is made', () => {
    const places = createHashIndex()
    const tags = Array.from({ length: 5_000 }, (_, number) => (number % 3 === 0 ? 7 : number * 2_654_435))
    for (const tag of tags) places.add(tag % 2 ** 32)
    expect(places.withTag(7)).toEqual(tags.flatMap((tag, at) => (tag === 7 ? [at] : [])).reverse())
    expect(places.withTag(2_654_435)).toEqual([1])
  })

  test('without a tag are found by none', () => {
    const places = createHashIndex()
    places.add(null)
    places.add(0)
    expect(places.withTag(0)).toEqual([1])
  })
})
