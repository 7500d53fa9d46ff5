/** Reads the parts of a Markdown page that the tests compare with the code. */

/** A row of a table: its cells by the heading of their column, without back-quotes. */
export type TableRow = Record<string, string>

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''))

/** All tables of a text, in order. */
export const tablesIn = (text: string): TableRow[][] => {
  const tables: TableRow[][] = []
  let headings: string[] | null = null
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) headings = null
    else if (headings === null) {
      headings = cellsOf(line)
      tables.push([])
    } else if (!/^\|[\s:|-]+\|$/.test(line)) {
      const cells = cellsOf(line)
      tables.at(-1)!.push(Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? ''])))
    }
  }
  return tables
}

/**
 * The rows of the table whose first column has this heading.
 * @throws Error where no table of the text has it, or several have
 */
export const tableOf = (text: string, firstHeading: string): TableRow[] => {
  const found = tablesIn(text).filter((table) => Object.keys(table[0] ?? {})[0] === firstHeading)
  if (found.length !== 1) throw new Error(`${found.length} tables start with the column "${firstHeading}"`)
  return found[0]!
}

/** Sections `## §N Title` of the rulebook: number and text. */
export const sectionsOf = (text: string): { number: number; text: string }[] =>
  text
    .split(/^## §/m)
    .slice(1)
    .map((section) => ({ number: Number.parseInt(section, 10), text: section }))

/** Text without code blocks and code spans, where brackets are no links. */
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')

/** Targets of the links and images of a page, as written. */
export const linksIn = (text: string): string[] => {
  const plain = withoutCode(text)
  const inline = [...plain.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map((match) => match[1]!)
  const references = [...plain.matchAll(/^\s*\[[^\]]+\]:\s*<?([^\s>]+)>?/gm)].map((match) => match[1]!)
  return [...inline, ...references]
}

/** Anchors of the headings of a page, as GitHub makes them. */
export const anchorsOf = (text: string): Set<string> => {
  const anchors = new Set<string>()
  for (const [, heading] of text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*$/gm)) {
    const base = heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    let anchor = base
    for (let count = 1; anchors.has(anchor); count++) anchor = `${base}-${count}`
    anchors.add(anchor)
  }
  return anchors
}
