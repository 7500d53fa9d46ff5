/** Text without what the eye cannot see, so that two texts that look alike are alike. Pure functions. */

const unseen = '\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800'

/** Control, format and other invisible characters; U+2800 is a Braille cell without dots. */
const invisible = new RegExp(`[${unseen}]`, 'gu')
/** As `invisible`, but white space stays: it may separate two numbers. U+FEFF counts as white space in a pattern only. */
const invisibleInLine = new RegExp(`(?!(?!\\ufeff)\\s)[${unseen}]`, 'gu')
/** As `invisible`, with white space and every kind of hyphen and dash. */
const notCompared = new RegExp(`[${unseen}\\s\\p{Z}\\p{Pd}\\u2043\\u2212]`, 'gu')

const visible = new RegExp(`[^${unseen}\\s\\p{Z}]`, 'u')

/** Whether there is nothing in it to read. */
export const isBlank = (text: string): boolean => !visible.test(text)

/**
 * Removes what `pattern` finds and makes full-width characters half-width (NFKC). Removal comes first, because an
 * invisible character keeps a letter and its accent apart; and again, because NFKC writes some accents with a space.
 */
const without = (text: string, pattern: RegExp): string =>
  text.replace(pattern, '').normalize('NFKC').replace(pattern, '').normalize('NFKC')

/** NFKC, invisible characters removed; white space inside stays as it is, around it is cut (rulebook §6). */
export const lineOf = (text: string): string => without(text, invisibleInLine).trim()

/** NFKC; invisible characters, white space and hyphens removed (rulebook §6). */
export const compactOf = (text: string): string => without(text, notCompared)

/** An external number as it is kept, compared and found: NFKC, invisible characters removed, trimmed (`api.md`). */
export const externalNoOf = (externalNo: string): string => without(externalNo, invisible).trim()
