/** Reads a printed form as its reader does: labels, what stands beside them, where to sign. */

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

/** Text of a piece of markup, paragraphs and cells apart by a space; a ticked box is `[x]`, one that is not `[ ]`. */
export const textOf = (markup: string): string =>
  markup
    .replace(/<span class="box"[^>]*>(.*?)<\/span>/g, (_, inside) => (inside === '' ? '[ ]' : '[x]'))
    .replace(/<(br|\/p|\/div|\/td|\/th)[^>]*>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&\w+;|&#\d+;/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim()

/** What every labelled cell says. */
export const fieldsOf = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/<th scope="row"[^>]*>(.*?)<\/th><td[^>]*>(.*?)<\/td>/gs)].map(([, label, value]) => [
      textOf(label as string),
      textOf(value as string),
    ]),
  )

/** Labels and places to sign or date, in the order of the page. */
export const labelsOf = (page: string): string[] =>
  [
    ...page.matchAll(
      /<th scope="row"[^>]*>(.*?)<\/th>|<span class="signature">(.*?)：<i>|<span class="dated">(.*?)：/gs,
    ),
  ].map(([, label, signature, date]) => textOf((label ?? signature ?? date) as string))
