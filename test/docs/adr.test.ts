import { describe, expect, test } from '@jest/globals'
import { faultsOf, type Pages } from './adr.ts'
import { filesOf, textOf } from './files.ts'

const folder = 'docs/adr/'

const page = (number: string, { date = '2026-01-01', status = 'accepted', text = '' } = {}): string =>
  `# ${number} Title\n\n- Date: ${date}\n- Status: ${status}\n\n${text}## Context\n\nC.\n\n## Decision\n\n- D.\n\n## Consequence\n\nE.\n`

describe('the pages of decisions', () => {
  test('have title, date, status, headings and short items, and numbers without holes', () => {
    const pages = Object.fromEntries(
      filesOf('.md')
        .filter((path) => path.startsWith(folder))
        .map((path) => [path.slice(folder.length), textOf(path)]),
    )
    expect(Object.keys(pages).length).toBeGreaterThan(0)
    expect(faultsOf(pages)).toEqual([])
  })
})

describe('the check of these pages', () => {
  const superseded = page('0001', { status: 'superseded by [0002](0002-b.md)' })

  test('accepts a page and the one that replaces it', () => {
    const text = 'Replaces [0001](0001-a.md). More.\n\n'
    expect(faultsOf({ '0001-a.md': superseded, '0002-b.md': page('0002', { text }) })).toEqual([])
  })

  test.each<[string, Pages, string]>([
    ['a hole', { '0002-a.md': page('0002') }, '0002-a.md: number 0001 was expected'],
    [
      'a number used twice',
      { '0001-a.md': page('0001'), '0001-b.md': page('0001') },
      '0001-b.md: number 0002 was expected',
    ],
    [
      'a title with another number',
      { '0001-a.md': page('0002') },
      '0001-a.md: it does not start with "# NNNN Title", "- Date:" and "- Status:"',
    ],
    [
      'a date that is none',
      { '0001-a.md': page('0001', { date: '1.1.26' }) },
      '0001-a.md: "1.1.26" is no date',
    ],
    ['another status', { '0001-a.md': page('0001', { status: 'maybe' }) }, '0001-a.md: "maybe" is no status'],
    [
      'a date that goes back',
      { '0001-a.md': page('0001'), '0002-b.md': page('0002', { date: '2025-12-31' }) },
      '0002-b.md: it is dated before the page before it',
    ],
    [
      'other headings',
      { '0001-a.md': page('0001').replace('## Consequence', '## End') },
      '0001-a.md: its headings are not Context, Decision, Consequence',
    ],
    [
      'a long item, over several lines',
      { '0001-a.md': page('0001').replace('- D.', `- Dxxx\n  ${'y'.repeat(200)}`) },
      `0001-a.md: an item has 205 characters: Dxxx ${'y'.repeat(35)}…`,
    ],
    [
      'a successor that does not say so',
      { '0001-a.md': superseded, '0002-b.md': page('0002') },
      '0001-a.md: 0002-b.md does not link back',
    ],
    [
      'a page that replaces one of another status',
      { '0001-a.md': page('0001'), '0002-b.md': page('0002', { text: 'Replaces [0001](0001-a.md).\n\n' }) },
      '0002-b.md: the status of 0001-a.md does not name it',
    ],
  ])('finds %s', (_, pages, fault) => {
    expect(faultsOf(pages)).toEqual([fault])
  })
})
