/** Markup as a value: what a template takes in is escaped, unless it is markup itself. */

/** A piece of a page that is safe to show. */
export type Html = { readonly markup: string }

type Piece = Html | string | number | null | readonly Piece[]

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Control characters but tab and line breaks, and those that turn the direction of what follows them on the page:
 * embeddings, overrides, isolates. The marks LRM, RLM and ALM stay, for ordinary Arabic and Hebrew text needs them.
 */
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
  /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u2028\u2029\u202A-\u202E\u2066-\u206F]/g

const markupOf = (piece: Piece): string => {
  if (piece === null) return ''
  if (typeof piece === 'string')
    return piece
      .replace(unprintable, '\uFFFD')
      .replace(/[&<>"']/g, (character) => entities[character] as string)
  if (typeof piece === 'number') return String(piece)
  return 'markup' in piece ? piece.markup : piece.map(markupOf).join('')
}

/** A template of markup, good for contents and quoted attributes; `null` is nothing, lists are joined. */
export const html = (markup: TemplateStringsArray, ...pieces: Piece[]): Html => ({
  markup: String.raw({ raw: markup }, ...pieces.map(markupOf)),
})
