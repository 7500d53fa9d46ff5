/** Texts with places: pure functions. */

export type Params = Readonly<Record<string, string | number>>

/** `{name}` stands for a parameter. */
export const fill = (text: string, params: Params): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))

const accents: Record<string, string> = { a: 'å', e: 'ë', i: 'ï', o: 'ø', u: 'ü', A: 'Å', E: 'Ë', O: 'Ø' }

/** A text as a made-up language has it: longer, with accents, in brackets, so that one not translated stands out. */
export const pseudo = (text: string): string =>
  `⟦${text.replace(/[aeiouAEO]/g, (letter) => accents[letter] ?? letter)}~~⟧`
