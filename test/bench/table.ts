/** What a row of the bench says: a value held against a target, both in `unit`. */
export type Row = {
  name: string
  value: number
  unit: string
  target: string
  pass: boolean
  /** Which of many it was, where the value is the worst of them. */
  note?: string
}

const number = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)

/** The rows as a table for people. */
export const tableOf = (rows: readonly Row[]): string => {
  const cells = rows.map(({ name, value, unit, target, pass, note }) => [
    note === undefined ? name : `${name}: ${note}`,
    number(value),
    unit,
    target,
    pass ? 'yes' : 'NO',
  ])
  const lines = [['row', 'value', 'unit', 'target', 'pass'], ...cells]
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...lines.map((line) => (line[column] as string).length)),
  )
  const line = (each: string[]) =>
    each
      .map((cell, column) =>
        column === 1 ? cell.padStart(widths[column] as number) : cell.padEnd(widths[column] as number),
      )
      .join('  ')
  return lines.map(line).join('\n')
}

/** A row that must reach a target. */
export const atLeast = (name: string, value: number, target: number, unit: string): Row => ({
  name,
  value,
  unit,
  target: `≥ ${target}`,
  pass: value >= target,
})

/** A row that must not exceed one. */
export const atMost = (name: string, value: number, target: number, unit: string): Row => ({
  name,
  value,
  unit,
  target: `≤ ${target}`,
  pass: value <= target,
})

/** A figure that stands beside the rows it explains and is held against nothing. */
export const said = (name: string, value: number, unit: string): Row => ({
  name,
  value,
  unit,
  target: '–',
  pass: true,
})
