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

const markupOf = (piece: Piece): string => {
  if (piece === null) return ''
  if (typeof piece === 'string')
    return piece.replace(/[&<>"']/g, (character) => entities[character] as string)
  if (typeof piece === 'number') return String(piece)
  return 'markup' in piece ? piece.markup : piece.map(markupOf).join('')
}

/** A template of markup, good for contents and quoted attributes; `null` is nothing, lists are joined. */
export const html = (markup: TemplateStringsArray, ...pieces: Piece[]): Html => ({
  markup: String.raw({ raw: markup }, ...pieces.map(markupOf)),
})
