/**
 * Columns of a file, from the schema of what a row answers in JSON: one for each path to a value, and beside each
 * code one with its name.
 */
import { z } from 'zod'
import type { Instant } from '../../domain/instant.ts'
import { shanghaiTime } from '../../domain/shanghaiTime.ts'
import { type Labels, labelOfPath, nameLabelOf } from './labels.ts'
import { type NameKind, type NameLookup, nameOf, wordsOfCodes } from './names.ts'

/** What stands in a cell: instants as Shanghai's clock shows them, lists as text. */
export type Cell = string | number | boolean | null

/**
 * How a cell is shown in a sheet; money is whole CNY. `time`: an instant; `name`: of a unit, `label`: of a code;
 * `link`: an address of the API, which a sheet leaves out; the others of `change` are shown with their sign.
 */
export type CellKind =
  | 'text'
  | 'time'
  | 'name'
  | 'label'
  | 'link'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'boolean'
  | 'change'
  | 'decimalChange'
  | 'moneyChange'

export type Column = {
  /** Of the JSON answer, from the row on: `holder.tier`; of a name, that of its code with `Name`: `holder.tierName`. */
  path: string
  /** The heading in Chinese. */
  zh: string
  kind: CellKind
  /** Where the rows of a column are of several kinds: that of one. */
  kindOf?(row: unknown): CellKind
  /** The cell of a row that has the schema's form. */
  read(row: unknown, reading: NameLookup): Cell
}

/** `words`: of each code the value may be. */
type Leaf = {
  kind: CellKind
  cell(value: unknown): Cell
  words?: (value: unknown, reading: NameLookup) => Cell
}

const plain = (kind: CellKind): Leaf => ({ kind, cell: (value) => value as Cell })

const codes = (schema: z.ZodEnum | z.ZodLiteral): Leaf => {
  const table = wordsOfCodes(schema)
  return {
    ...plain('text'),
    words: (value, { language }) => table[value as string]?.[language] ?? null,
  }
}

/** One of a list in words: its code where it has one, else its values with a space between them. */
const leafOfItem = (element: z.core.$ZodType): Leaf => {
  if (element instanceof z.ZodObject && 'code' in element.shape) {
    const leaf = leafOfItem(element.shape.code as z.core.$ZodType)
    const codeOf = (item: unknown) => (item as { code: string }).code
    const { words } = leaf
    return {
      kind: 'text',
      cell: (item) => leaf.cell(codeOf(item)),
      ...(words && { words: (item: unknown, reading: NameLookup) => words(codeOf(item), reading) }),
    }
  }
  const inner = withoutWrappers(element)
  if (inner instanceof z.ZodEnum) return codes(inner)
  const values = valuesFrom(element, 'a list', (item) => item)
  return { kind: 'text', cell: (item) => values.map(({ read }) => read(item)).join(' ') }
}

/** A list in one cell, one item after the other. */
const joined = (element: z.core.$ZodType): Leaf => {
  const { cell, words } = leafOfItem(element)
  return {
    kind: 'text',
    cell: (value) => (value as unknown[]).map(cell).join(';'),
    ...(words && {
      words: (value: unknown, reading: NameLookup) =>
        (value as unknown[]).map((item) => words(item, reading)).join(';'),
    }),
  }
}

const leafOf = (schema: z.core.$ZodType): Leaf | null => {
  if (schema instanceof z.ZodISODateTime)
    return { kind: 'time', cell: (value) => shanghaiTime(value as Instant) }
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) return codes(schema)
  if (schema instanceof z.ZodString) return plain('text')
  if (schema instanceof z.ZodNumber) return plain(schema.isInt ? 'integer' : 'decimal')
  if (schema instanceof z.ZodBoolean) return plain('boolean')
  if (schema instanceof z.ZodArray) return joined(schema.element)
  return null
}

const withoutWrappers = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? withoutWrappers(schema.unwrap())
    : schema

type ReadValue = (row: unknown) => unknown
type Value = Pick<Leaf, 'kind' | 'words'> & {
  path: string
  /** The value as JSON has it, and the object it stands in. */
  value: ReadValue
  holder: ReadValue
  /** The fields beside it. */
  siblings: readonly string[]
  read(row: unknown): Cell
}

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined

const valuesFrom = (
  schema: z.core.$ZodType,
  path: string,
  value: ReadValue,
  { holder, siblings }: Pick<Value, 'holder' | 'siblings'> = { holder: () => ({}), siblings: [] },
): Value[] => {
  const inner = withoutWrappers(schema)
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Record<string, z.core.$ZodType>
    const within = { holder: value, siblings: Object.keys(shape) }
    return Object.entries(shape).flatMap(([name, field]) => {
      const read = (row: unknown): unknown => {
        const object = value(row)
        return isNothing(object) ? null : Reflect.get(object, name)
      }
      return valuesFrom(field, path === '' ? name : `${path}.${name}`, read, within)
    })
  }
  const leaf = leafOf(inner)
  if (leaf === null) throw new Error(`${path} has no form in a cell`)
  const read = (row: unknown): Cell => {
    const found = value(row)
    return isNothing(found) ? null : leaf.cell(found)
  }
  return [{ ...leaf, path, value, holder, siblings, read }]
}

/** Beside the code of a dealer whose row has its name, no second one is needed. */
const hasOwnName = ({ siblings }: Value, named: NameKind): boolean =>
  named === 'dealer' && siblings.includes('name')

type ReadName = (code: unknown, row: unknown, reading: NameLookup) => Cell

/** How the names of a column of codes are found; `null` where it has no codes. */
const nameReader = (value: Value, named: NameKind | undefined): ReadName | null => {
  const { words, holder } = value
  if (words !== undefined) return (code, _row, reading) => words(code, reading)
  if (named === undefined || hasOwnName(value, named)) return null
  return (code, row, reading) => {
    const name = (each: string) => nameOf(named, each, holder(row) as object, reading)
    return Array.isArray(code) ? code.map((each) => name(each) ?? each).join(';') : name(code as string)
  }
}

const nameColumn = (value: Value, named: NameKind | undefined, own: Labels): Column | null => {
  const readName = nameReader(value, named)
  if (readName === null) return null
  return {
    path: `${value.path}Name`,
    zh: nameLabelOf(value.path, own),
    kind: value.words === undefined ? 'name' : 'label',
    read: (row, reading) => {
      const code = value.value(row)
      return isNothing(code) ? null : readName(code, row, reading)
    },
  }
}

/**
 * The columns of rows with a schema, in the order of its fields; after each code its name. `own`: labels of columns that
 * no other list has.
 * @throws Error where a path has no label, a code no words, or a value no form in a cell.
 */
export const columnsOf = (row: z.ZodObject, own: Labels = {}): Column[] =>
  valuesFrom(row, '', (each) => each).flatMap((value) => {
    const { zh, kind = value.kind, named } = labelOfPath(value.path, own)
    const name = nameColumn(value, named, own)
    const column: Column = { path: value.path, zh, kind, read: value.read }
    return name === null ? [column] : [column, name]
  })

/** What stands above a column: its JSON path, or in Chinese its label. */
export const headingOf = ({ path, zh }: Column, { language }: Pick<NameLookup, 'language'>): string =>
  language === 'zh' ? zh : path
