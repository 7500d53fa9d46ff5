/** Workbooks read back by another's reader, and what that reader leaves out from the XML. */
import { read, type WorkSheet } from '@e965/xlsx'
import { strFromU8, unzipSync } from 'fflate'

export type ReadCell = {
  value: string | number | boolean | null
  /** `s` text, `n` number, `b` boolean, `z` empty. */
  type: string
  format: string | undefined
  formula: string | undefined
  /** Fill, `RRGGBB`. */
  color: string | undefined
}

export type ReadSheet = { name: string; rows: ReadCell[][]; xml: string }

type RawCell = Partial<Record<'v' | 't' | 'z' | 'f', string>> & { s?: { fgColor?: { rgb: string } } }

const cellsOf = (sheet: WorkSheet): ReadCell[][] =>
  Array.from(sheet['!data'] ?? [], (row) =>
    // cells and rows that were not written are holes
    Array.from(row ?? [], (each) => {
      const { v, t = 'z', z, f, s } = (each ?? {}) as RawCell
      return { value: v ?? null, type: t, format: z, formula: f, color: s?.fgColor?.rgb }
    }),
  )

/** Sheets in their order, by row and column from the first. */
export const readXlsx = (bytes: Uint8Array): ReadSheet[] => {
  const book = read(bytes, { type: 'array', dense: true, cellNF: true, cellStyles: true, sheetStubs: true })
  const parts = unzipSync(bytes)
  return book.SheetNames.map((name, i) => ({
    name,
    rows: cellsOf(book.Sheets[name] as WorkSheet),
    xml: strFromU8(parts[`xl/worksheets/sheet${i + 1}.xml`] as Uint8Array),
  }))
}

/** A time as the sheet shows it. */
const shownTime = (serial: number): string =>
  new Date(Math.round((serial - 25_569) * 86_400) * 1_000).toISOString().slice(0, 19).replace('T', ' ')

/** Only the values; times as they are shown. */
export const valuesOf = (rows: ReadCell[][]) =>
  rows.map((row) =>
    row.map(({ value, format }) =>
      typeof value === 'number' && format?.startsWith('yyyy') ? shownTime(value) : value,
    ),
  )
