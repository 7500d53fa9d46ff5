/** CONTRIBUTING says what a change touches: where an event, a command, a refusal and an aggregate of today are named. */
import { describe, expect, it } from '@jest/globals'
import { filesOf, textOf } from './files.ts'

const text = textOf('CONTRIBUTING.md')
const inRooms = filesOf('.ts', '.tsx').filter((path) => /^(domain|projections|api|src)\//.test(path))
/** The page has its own forms; it offers what it offers. */
const isPage = (path: string): boolean => path.startsWith('api/console/page/')

/** The files of the product in which the words stand. */
const naming = (words: RegExp): string[] =>
  inRooms.filter((path) => !isPage(path) && words.test(textOf(path))).sort()

/** The text of a section, up to the next one. */
const section = (title: string): string => {
  const after = text.split(`\n## ${title}\n`)[1]
  if (after === undefined) throw new Error(`CONTRIBUTING.md has no section ${title}`)
  return after.split('\n## ', 1)[0] as string
}
/** The files that a section names. */
const filesIn = (title: string): string[] =>
  [...section(title).matchAll(/`([\w/]+\.ts)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => path.includes('/'))

const event = 'An event, in five files and its tests'
const command = 'An event with its command, in ten files and their tests'
const code = 'A refusal or a code, in two'
const aggregate = 'An aggregate, in eleven files and its tests'

describe('CONTRIBUTING', () => {
  it('names files that exist', () => {
    const all = new Set(filesOf('.ts'))
    const named = [...text.matchAll(/`((?:domain|projections|api|src|test)\/[\w/]+\.ts)`/g)].map(
      ([, path]) => path,
    )
    expect(named.filter((path) => !all.has(path as string))).toEqual([])
    expect(named.length).toBeGreaterThan(20)
  })

  it('has a step for each file of an event and of its command, and one for the tests', () => {
    const steps = (title: string): number => section(title).match(/^\d+\. /gm)?.length ?? 0
    expect([steps(event), steps(command)]).toEqual([6, 6])
  })

  it('lists every file that an event is entered in', () => {
    // beside the decider that makes it
    expect(naming(/\bTicketReleased\b/)).toEqual(
      [...new Set([...filesIn(event), 'domain/ticket/claiming.ts'])].sort(),
    )
  })

  it('lists every file that a command is entered in', () => {
    const rooms = filesIn(command).filter((path) => !path.startsWith('test/'))
    expect(naming(/\bRelease\b['\s:]|\brelease: (act\()?\{/)).toEqual(rooms.sort())
  })

  it('lists every file that a refusal is entered in', () => {
    const entered = naming(/^ {2}already_claimed: /m)
    expect(entered).toEqual(['api/http/problemCodes.ts', 'domain/refusal.ts'])
    expect(filesIn(code)).toEqual(expect.arrayContaining(entered))
  })

  it('lists every file that an aggregate is entered in', () => {
    const own = /\/sms\//
    expect(naming(/from '[^']*\/sms\//).filter((path) => !own.test(path))).toEqual(
      filesIn(aggregate)
        .filter((path) => !/aggregate|authority|^test\//.test(path))
        .sort(),
    )
  })
})

describe('every resource', () => {
  it('is entered in the routes', () => {
    const routes = inRooms.filter((path) => path.startsWith('api/'))
    const names = routes.flatMap((path) =>
      [...textOf(path).matchAll(/^export const (\w+): Routes\b/gm)].map(([, name = '']) => ({ path, name })),
    )
    const forgotten = names.filter(
      ({ path, name }) =>
        !routes.some((other) => other !== path && new RegExp(`\\b${name}\\b`).test(textOf(other))),
    )
    expect(names.length).toBeGreaterThan(30)
    expect(forgotten).toEqual([])
  })
})
