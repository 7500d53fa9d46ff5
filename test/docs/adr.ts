/** Checks the form of the pages of decisions in `docs/adr`. */
import { linksIn } from './markdown.ts'

/** Pages by file name, without the folder. */
export type Pages = Record<string, string>

const longestItem = 200
const headings = ['Context', 'Decision', 'Consequence']
const statusForm = /^(accepted|accepted; superseded in part by \[.+|superseded by \[\d{4}\]\([^)]+\))$/

const numberOf = (file: string): string => file.slice(0, 4)
const line = (text: string, name: string): string | null =>
  new RegExp(`^- ${name}: (.+)$`, 'm').exec(text)?.[1] ?? null

/** List items without their continuation lines joined to others; code blocks are left out. */
const itemsOf = (text: string): string[] => {
  const items: string[] = []
  let inItem = false
  for (const each of text.replace(/^```[\s\S]*?^```/gm, '').split('\n')) {
    const [, start] = /^\s*(?:[-*+]|\d+\.) (.*)$/.exec(each) ?? []
    if (start !== undefined) items.push(start)
    else if (inItem && /^\s+\S/.test(each)) items.push(`${items.pop()} ${each.trim()}`)
    inItem = start !== undefined || (inItem && /^\s+\S/.test(each))
  }
  return items
}

const faultsOfPage = (file: string, text: string): string[] => {
  const faults: string[] = []
  if (!/^\d{4}-[a-z0-9-]+\.md$/.test(file)) faults.push('the file name is not NNNN-words.md')
  if (!new RegExp(`^# ${numberOf(file)} \\S.*\n\n- Date: .+\n- Status: .+\n\n`).test(text))
    faults.push('it does not start with "# NNNN Title", "- Date:" and "- Status:"')
  const date = line(text, 'Date') ?? ''
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) faults.push(`"${date}" is no date`)
  const status = line(text, 'Status') ?? ''
  if (!statusForm.test(status)) faults.push(`"${status}" is no status`)
  const found = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])
  if (found.join() !== headings.join()) faults.push(`its headings are not ${headings.join(', ')}`)
  for (const item of itemsOf(text))
    if (item.length > longestItem && !item.startsWith('Status: '))
      faults.push(`an item has ${item.length} characters: ${item.slice(0, 40)}…`)
  return faults
}

/** The pages that a status line says supersede the page. */
const successorsOf = (text: string): string[] => linksIn(line(text, 'Status') ?? '')

/** The pages that a page says it replaces: the links of a paragraph that starts with "Replaces". */
const replacedBy = (text: string): string[] => linksIn(/^Replaces .*?\.(?= |$)/m.exec(text)?.[0] ?? '')

const faultsBetween = (file: string, pages: Pages): string[] => {
  const text = pages[file]!
  const faults: string[] = []
  for (const successor of successorsOf(text)) {
    if (successor <= file) faults.push(`${successor} is not later`)
    else if (!linksIn(pages[successor] ?? '').includes(file)) faults.push(`${successor} does not link back`)
  }
  for (const replaced of replacedBy(text))
    if (!successorsOf(pages[replaced] ?? '').includes(file))
      faults.push(`the status of ${replaced} does not name it`)
  return faults
}

/** What is wrong with the pages, each with its file; numbers run from 0001 without holes, dates never go back. */
export const faultsOf = (pages: Pages): string[] => {
  const files = Object.keys(pages).sort()
  const faults: string[] = []
  files.forEach((file, index) => {
    const expected = String(index + 1).padStart(4, '0')
    if (numberOf(file) !== expected) faults.push(`${file}: number ${expected} was expected`)
    const before = index === 0 ? '' : (line(pages[files[index - 1]!]!, 'Date') ?? '')
    if ((line(pages[file]!, 'Date') ?? '') < before)
      faults.push(`${file}: it is dated before the page before it`)
    for (const fault of [...faultsOfPage(file, pages[file]!), ...faultsBetween(file, pages)])
      faults.push(`${file}: ${fault}`)
  })
  return faults
}
