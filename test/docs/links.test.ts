import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { filesOf, root, textOf } from './files.ts'
import { anchorsOf, linksIn } from './markdown.ts'

const pages = filesOf('.md')
const isRelative = (link: string): boolean => !/^[a-z][a-z0-9+.-]*:/i.test(link)

describe('the links of the documents', () => {
  test.each(pages)('of %s lead somewhere', (page) => {
    const broken = linksIn(textOf(page))
      .filter(isRelative)
      .filter((link) => {
        const [path = '', anchor] = decodeURI(link).split('#')
        const target = path === '' ? page : normalize(join(dirname(page), path))
        if (target.startsWith('..') || !existsSync(join(root, target))) return true
        return anchor !== undefined && (!target.endsWith('.md') || !anchorsOf(textOf(target)).has(anchor))
      })
    expect(broken).toEqual([])
  })

  test('reach every page from the README', () => {
    const reached = new Set<string>()
    const visit = (page: string): void => {
      if (reached.has(page)) return
      reached.add(page)
      for (const link of linksIn(textOf(page)).filter(isRelative)) {
        const target = normalize(join(dirname(page), link.split('#')[0]!))
        const path = join(root, target)
        if (!existsSync(path)) continue
        if (statSync(path).isDirectory())
          pages.filter((each) => dirname(each) === normalize(target)).forEach(visit)
        else if (target.endsWith('.md')) visit(target)
      }
    }
    visit('README.md')
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })

  test('are told from code', () => {
    const text =
      'See [a](x.md) and [b](<y.md> "title").\n`[c](no.md)`\n```\n[d](no.md)\n```\n[e]: w.md#part\n'
    expect(linksIn(text)).toEqual(['x.md', 'y.md', 'w.md#part'])
  })

  test('find headings by the anchors GitHub makes', () => {
    expect([...anchorsOf('# A, b\n## `X` and §2\n## A, b\n')]).toEqual(['a-b', 'x-and-2', 'a-b-1'])
  })
})
