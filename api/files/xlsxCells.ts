/** Cells and names as SpreadsheetML writes them. */
import type { Cell } from './columns.ts'

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters XML cannot carry, and what already looks like the escape for one (ECMA-376 part 1, §22.9.2.19). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to escape
const unsayable = /[\0-\x08\x0B-\x1F\uFFFE\uFFFF]|_(?=x[\dA-Fa-f]{4}_)/g

/** Text as XML carries it; a carriage return would otherwise be read as a line feed. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(unsayable, (char) => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>"]/g, (char) => entities[char] as string)

/** The letters of a column, from 0: `A` … `Z`, `AA`. */
export const lettersOf = (column: number): string => {
  const before = Math.floor(column / 26)
  return `${before === 0 ? '' : lettersOf(before - 1)}${String.fromCharCode(65 + (column % 26))}`
}

/** A time as a sheet counts it: days since the end of 1899, of what Shanghai's clock shows. */
export const serialOf = (time: string): number =>
  Math.round(Date.parse(`${time.replace(' ', 'T')}Z`) / 1_000) / 86_400 + 25_569

/** A cell, typed: text is text whatever it begins with, so that none is ever a formula. */
export const cellXml = (at: string, cell: Cell, style: number): string => {
  if (cell === null) return `<c r="${at}" s="${style}"/>`
  if (typeof cell === 'number') return `<c r="${at}" s="${style}"><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c r="${at}" s="${style}" t="b"><v>${cell ? 1 : 0}</v></c>`
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`
}

const longestName = 31

/** Names a workbook takes: no forbidden character, at most 31, none twice whatever the case, never blank. */
export const sheetNames = (wanted: readonly string[]): string[] => {
  const taken = new Set(['history'])
  return wanted.map((name) => {
    const clean = escapable(name).trim().slice(0, longestName).replace(/^'|'$/g, '_') || 'Sheet'
    let free = clean
    for (let n = 2; taken.has(free.toLowerCase()); n++) {
      const end = ` (${n})`
      free = `${clean.slice(0, longestName - end.length)}${end}`
    }
    taken.add(free.toLowerCase())
    return free.toWellFormed()
  })
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: no name of a sheet may have them
const forbidden = /[\0-\x1F[\]:*?/\\]/g
const escapable = (name: string): string => name.replace(forbidden, '_')
