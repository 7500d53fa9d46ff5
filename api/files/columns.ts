/** Columns of a file, from the schema of what a row answers in JSON: one for each path to a value. */
import { z } from 'zod'
import { shanghaiTime } from '../../domain/shanghaiTime.ts'
import type { Language } from '../http/problems.ts'
import { labelOfPath } from './labels.ts'

/** What stands in a cell: instants as Shanghai's clock shows them, lists as text. */
export type Cell = string | number | boolean | null

/** How a cell is shown in a sheet; money is whole CNY, a link as long as its column. */
export type Kind = 'text' | 'link' | 'integer' | 'decimal' | 'money' | 'boolean'

export type Column = {
  /** Of the JSON answer, from the row on: `holder.tier`. */
  path: string
  /** The heading in Chinese. */
  zh: string
  kind: Kind
  /** The cell of a row that has the schema's form. */
  read(row: unknown): Cell
}

type Leaf = { kind: Kind; cell(value: unknown): Cell }

const plain = (kind: Kind): Leaf => ({ kind, cell: (value) => value as Cell })

/** One of a list in words: its code where it has one, else its values with a space between them. */
const wordOf = (element: z.core.$ZodType): ((item: unknown) => Cell) => {
  if (element instanceof z.ZodObject && 'code' in element.shape)
    return (item) => (item as { code: string }).code
  const values = valuesFrom(element, 'a list', (item) => item)
  return (item) => values.map(({ read }) => read(item)).join(' ')
}

/** A list in one cell, one item after the other. */
const joined = (element: z.core.$ZodType): Leaf => {
  const word = wordOf(element)
  return { kind: 'text', cell: (value) => (value as unknown[]).map(word).join(';') }
}

const leafOf = (schema: z.core.$ZodType): Leaf | null => {
  if (schema instanceof z.ZodISODateTime)
    return { kind: 'text', cell: (value) => shanghaiTime(value as string) }
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral)
    return plain('text')
  if (schema instanceof z.ZodNumber) return plain(schema.isInt ? 'integer' : 'decimal')
  if (schema instanceof z.ZodBoolean) return plain('boolean')
  if (schema instanceof z.ZodArray) return joined(schema.element)
  return null
}

const withoutWrappers = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? withoutWrappers(schema.unwrap())
    : schema

type Read = (row: unknown) => unknown
type Value = Pick<Column, 'path' | 'kind' | 'read'>

const valuesFrom = (schema: z.core.$ZodType, path: string, read: Read): Value[] => {
  const inner = withoutWrappers(schema)
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape as Record<string, z.core.$ZodType>).flatMap(([name, field]) =>
      valuesFrom(field, path === '' ? name : `${path}.${name}`, (row) => {
        const holder = read(row)
        return holder === null || holder === undefined ? null : Reflect.get(holder, name)
      }),
    )
  const leaf = leafOf(inner)
  if (leaf === null) throw new Error(`${path} has no form in a cell`)
  return [
    {
      path,
      kind: leaf.kind,
      read: (row) => {
        const value = read(row)
        return value === null || value === undefined ? null : leaf.cell(value)
      },
    },
  ]
}

/**
 * The columns of rows with a schema, in the order of its fields.
 * @throws Error where a path has no label, or a value no form in a cell.
 */
export const columnsOf = (row: z.ZodObject): Column[] =>
  valuesFrom(row, '', (each) => each).map((value) => {
    const { zh, kind = value.kind } = labelOfPath(value.path)
    return { ...value, zh, kind }
  })

/** What stands above a column: its JSON path, or in Chinese its label. */
export const headingOf = ({ path, zh }: Column, language: Language): string => (language === 'zh' ? zh : path)
