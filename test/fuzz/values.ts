/** Values that fit a JSON Schema. */
import fc from 'fast-check'
import type { Random } from '../../src/demo/random.ts'
import type { Json } from '../support/service.ts'
import type { Schema } from './operations.ts'
import type { Pool } from './pool.ts'

/** In every text that is made up, so that none of it can be in a log unseen. */
export const secret = 'geheim'
/** Begins every phone number that is made up. */
export const secretPhone = '137724681'

export type ValueInputs = { random: Random; pool: Pool; now(): string }

const samples = new Map<string, string[]>()

/** A text of a pattern; the texts of each are made once, for making them is slow. */
const ofPattern = (pattern: string, random: Random): string => {
  const known =
    samples.get(pattern) ?? fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: 1, numRuns: 60 })
  samples.set(pattern, known)
  return random.pick(known)
}

/** An instant around now, in one of the forms that are taken. */
const instant = ({ random, now }: ValueInputs): string => {
  const at = new Date(Date.parse(now()) + random.int(-60 * 24 * 60, 12 * 60) * 60_000).toISOString()
  return random.pick([at, at.slice(0, 10), at.replace('Z', '+00:00'), at.replace(/\.\d+Z/, 'Z')])
}

const isInstant = (name: string, schema: Schema): boolean =>
  (schema.description ?? '').includes('ISO-8601') || /At$|^effectiveFrom$/.test(name)

const freeText = (name: string, schema: Schema, making: ValueInputs): string => {
  const { random } = making
  if (name === 'phone') return `${secretPhone}${random.int(10, 60)}`
  const { minLength = 0, maxLength = 40 } = schema
  const longest = random.chance(0.02) ? maxLength : Math.min(maxLength, minLength + 12)
  const text = `${secret}${random.int(0, 200)}`
  return text.padEnd(random.int(minLength, longest), '长').slice(0, maxLength)
}

const textOf = (name: string, schema: Schema, making: ValueInputs): string => {
  const { random, pool } = making
  const { pattern, maxLength = 40 } = schema
  const seen = maxLength <= 2000 && random.chance(0.75) ? pool.pick(name, random) : undefined
  const fits =
    seen !== undefined && seen.length <= maxLength && (pattern === undefined || RegExp(pattern).test(seen))
  if (fits && !(maxLength >= 200 && seen.includes(secret))) return seen
  if (pattern !== undefined) return ofPattern(pattern, random)
  if (isInstant(name, schema)) return instant(making)
  return freeText(name, schema, making)
}

const numberOf = (name: string, schema: Schema, { random, pool }: ValueInputs): number => {
  const { minimum = 0, maximum = 1_000_000, multipleOf } = schema
  const seen = Number(pool.pick(name, random))
  if (random.chance(0.3) && seen >= minimum && seen <= maximum) return seen
  const value = random.pick([minimum, maximum, random.int(minimum, Math.min(maximum, minimum + 200))])
  return schema.type === 'number' && multipleOf === undefined ? value + 0.5 : value
}

const objectOf = (schema: Schema, making: ValueInputs): Json => {
  const { properties = {}, required = [] } = schema
  const taken = Object.entries(properties).filter(
    ([name]) => required.includes(name) || making.random.chance(0.2),
  )
  return Object.fromEntries(taken.map(([name, each]) => [name, fitting(each, name, making)]))
}

/** A value that fits; what a schema cannot say (an unknown dealer) may still be wrong with it. */
export const fitting = (schema: Schema, name: string, making: ValueInputs): Json => {
  const { random } = making
  const variants = schema.anyOf ?? schema.oneOf
  if (variants !== undefined) return fitting(random.pick(variants), name, making)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  switch (schema.type) {
    case 'object':
      return objectOf(schema, making)
    case 'array': {
      const { minItems = 0, maxItems = 4, items = {} } = schema
      const length = random.int(minItems, Math.min(maxItems, minItems + 3))
      return Array.from({ length }, () => fitting(items, name, making))
    }
    case 'integer':
    case 'number':
      return numberOf(name, schema, making)
    case 'boolean':
      return random.chance(0.5)
    case 'null':
      return null
    default:
      return textOf(name, schema, making)
  }
}
