import { describe, expect, test } from '@jest/globals'
import { startProgress } from '../../src/cli/progress.ts'
import { table, widthOf } from '../../src/cli/table.ts'

describe('tables', () => {
  test('count a Chinese character as two columns, one beyond the basic plane too', () => {
    expect(['abc', '华东', '龚𬱖', '扎西·次仁', '–'].map(widthOf)).toEqual([3, 4, 4, 9, 1])
  })

  test('align what is wide and what is not, and leave no space at the ends of lines', () => {
    const columns = [{ title: 'dealer' }, { title: 'n', right: true }, { title: '' }]
    expect(
      table(columns, [
        ['上海浦锐', '7', 'x'],
        ['D2', '12', ''],
      ]),
    ).toBe(['dealer     n', '────────  ──  ─', '上海浦锐   7  x', 'D2        12'].join('\n'))
  })
})

describe('progress', () => {
  const shown = (isTTY: boolean): string[] => {
    const written: string[] = []
    let time = 0
    const out = { isTTY, columns: 40, write: (text: string) => written.push(text) > 0 }
    const progress = startProgress({ label: 'Importing', unit: 'lines', total: 10_000, out, now: () => time })
    for (const done of [1_000, 2_500, 5_000]) {
      time += 1_600
      progress.update(done, '3 refused')
    }
    progress.end(10_000)
    return written
  }

  test('is a line every few seconds where nobody watches', () => {
    expect(shown(false)).toEqual([
      'Importing   25 %, 2,500 of 10,000 lines, 781/s, 10 s left, 3 refused\n',
      'Importing  100 %, 10,000 of 10,000 lines, 2,083/s\n',
    ])
  })

  test('of nothing is whole', () => {
    const written: string[] = []
    const out = { write: (text: string) => written.push(text) > 0 }
    startProgress({ label: 'attachments', unit: 'attachments', total: 0, out }).end(0)
    expect(written).toEqual(['attachments  100 %, 0 of 0 attachments, 0/s\n'])
  })

  test('is one line rebuilt on a terminal, cut to its width', () => {
    const [first, , , last] = shown(true)
    expect(first).toBe('\r\x1b[2KImporting   10 %, 1,000 of 10,000 lines')
    expect(last).toBe('\r\x1b[2KImporting  100 %, 10,000 of 10,000 lines, 2,083/s\n')
  })
})
