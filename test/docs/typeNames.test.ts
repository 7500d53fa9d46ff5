/** Types are nouns that say what they hold, and one name means one thing. */
import { describe, expect, it } from '@jest/globals'
import { filesOf, textOf } from './files.ts'

const declaration =
  /^[ \t]*(?<exported>export )?(?:interface|type|(?:abstract )?class) (?<name>[A-Z]\w*)(?=[ <])/gm

/** Words that end like a participle and are nouns. */
const nouns = new Set(['Feed', 'Field', 'Warning'])

/** A name whose last word is a participle does not say what the type holds. */
const endsWithParticiple = (name: string): boolean => {
  const last = /[A-Z][a-z]*\d*$/.exec(name)?.[0] ?? name
  return (
    /(?:ing|ed|Asked|Told|Known|Held|Made|Given|Found|Taken|Kept|Left|Sent)$/.test(last) && !nouns.has(last)
  )
}

const typesOf = (file: string) =>
  [...textOf(file).matchAll(declaration)].map(({ groups }) => ({
    file,
    name: groups!.name!,
    isExported: groups!.exported !== undefined,
  }))

const types = filesOf('.ts', '.tsx')
  .filter((file) => /^(?:domain|projections|api|src|test)\//.test(file))
  .flatMap(typesOf)

describe('the names of types', () => {
  it('finds the types', () => {
    expect(types.length).toBeGreaterThan(500)
  })

  it('exports no two types of one name', () => {
    const exported = types.filter(({ file, isExported }) => isExported && !file.startsWith('test/'))
    const twice = [...Map.groupBy(exported, ({ name }) => name)]
      .filter(([, found]) => found.length > 1)
      .map(([name, found]) => `${name}: ${found.map(({ file }) => file).join(', ')}`)
    expect(twice).toEqual([])
  })

  it('are nouns, no participles', () => {
    const participles = types.filter(({ name }) => endsWithParticiple(name))
    expect(participles.map(({ file, name }) => `${file}: ${name}`)).toEqual([])
  })
})
