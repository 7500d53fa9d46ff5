/** Finds where a text cites the rulebook. */

/** `point`: a named point of the section, or a source mark (`S`, `D`, `L`). */
export type Citation = { section: number; point: string | null }

/** A comment that goes over several lines reads as one. */
const unwrapped = (text: string): string => text.replace(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' ')

/**
 * All citations of a text: `§5`, `§1–§7` (each section of the range), `§9, Freeze`. Sections with a decimal point
 * (`RFC 9110 §12.5.1`) belong to other documents. Words after a comma are a point where they are at most three
 * and a bracket, colon, semicolon, comma or the end of the comment follows; `§3, as data.` is plain text.
 */
export const citationsIn = (text: string): Citation[] =>
  [
    ...unwrapped(text).matchAll(
      /§ ?(\d+)(?!\d|\.\d)(?: ?[–-] ?§? ?(\d+)(?!\d|\.\d))?(?:, ([A-Za-z][A-Za-z0-9-]*(?: [A-Za-z][A-Za-z0-9-]*){0,2}) ?(?=[),;:]|\*\/))?/g,
    ),
  ].flatMap(([, from, to, point]) => {
    const [first, last] = [Number(from), Number(to ?? from)]
    const sections = Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index)
    return sections.map((section) => ({ section, point: section === last ? (point ?? null) : null }))
  })

/** The points of a section: the bold words its list items start with, in lower case. */
const pointsOf = (section: string): string[] =>
  [...section.matchAll(/^- \*\*(.+?)\*\*/gm)].map((match) => match[1]!.replace(/[,:].*$/, '').toLowerCase())

/** Whether the section's text has the point: a list item, a source mark, or the last of its list. */
export const hasPoint = (section: string, point: string): boolean => {
  if (/^[SDL]$/.test(point)) return new RegExp(`[(| ]${point}[ ,;:)|]`).test(section)
  const points = pointsOf(section)
  return point === 'last point' ? points.length > 0 : points.includes(point.toLowerCase())
}
