import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { lockDataFolder } from '../../src/store/dataFolderLock.ts'
import { runHere } from '../endToEnd/runHere.ts'

type ExitResult = { code: number; out: string; err: string }

const script = join(import.meta.dirname, '../../src/cli/import.ts')

describe('npm run import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'import-'))
  const dataDir = join(folder, 'data')
  afterAll(() => rmSync(folder, { recursive: true }))

  const run = (...args: string[]): Promise<ExitResult> =>
    new Promise((resolve) => {
      const { PATH, NODE_COMPILE_CACHE } = process.env
      const env = { PATH, NODE_COMPILE_CACHE, DATA_DIR: dataDir }
      const child = execFile(process.execPath, [script, ...args], { env }, (_, out, err) =>
        resolve({ code: child.exitCode ?? -1, out, err }),
      )
    })

  /** Without a process of its own, where nothing is imported: its code, and what it says on both outputs. */
  const runFast = async (...args: string[]) => {
    const { code, output } = await runHere('src/cli/import.ts', { DATA_DIR: dataDir }, args)
    return [code, output]
  }

  const file = (name: string, ...lines: object[]): string => {
    const path = join(folder, name)
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return path
  }

  const register = (data: object): object => ({
    at: '2026-01-05T10:00:00+08:00',
    actor: { id: '1001', role: 'csr' },
    ref: 'L-1',
    command: 'register',
    data: { channel: 'phone', customer: { name: '张三' }, content: '内容', ...data },
  })

  test('imports what is legal, and nothing twice', async () => {
    const path = file('good.ndjson', register({ category: 'A4y' }))
    const first = await run(path)
    expect([first.code, first.out]).toEqual([0, '1 lines, 1 applied, 0 unchanged, 0 refused\n'])
    expect(first.err).toMatch(/^Importing {2}1 lines, /)
    const counts = { lines: 1, applied: 1, unchanged: 0, rejectedCount: 0 }
    expect(JSON.parse(first.err.trimEnd().split('\n').at(-1) as string)).toMatchObject({
      ...{
        level: 30,
        msg: 'audit: import',
        audit: 'import',
        sub: 'npm run import',
        isWhole: true,
        ...counts,
      },
    })
    expect(first.err).not.toContain('张三')
    expect((await run(path)).out).toBe('1 lines, 0 applied, 1 unchanged, 0 refused\n')
  })

  test('ends with 1 and names the refused lines', async () => {
    const path = file('bad.ndjson', register({ category: 'A4a', dealerCode: 'D9' }), { at: 1 })
    const { code, out } = await run(path)
    expect(code).toBe(1)
    expect(out.split('\n')).toEqual([
      '2 lines, 0 applied, 0 unchanged, 2 refused',
      '',
      expect.stringMatching(/^line {2}code +detail$/),
      expect.stringMatching(/^────/),
      expect.stringMatching(/^ {3}1 {2}ref_reused|^ {3}1 {2}unknown_dealer/),
      expect.stringMatching(/^ {3}2 {2}invalid_request/),
      '',
    ])
  })

  test('ends with 2 where there is no file, or a folder in its place, or none was named', async () => {
    expect(await runFast(join(folder, 'none'))).toEqual([2, expect.stringContaining('ENOENT')])
    expect(await runFast(folder)).toEqual([2, expect.stringContaining('is no file')])
    expect(await runFast()).toEqual([2, expect.stringMatching(/^Usage: npm run import/)])
  })

  test('points to the API while another process has the data folder', async () => {
    const path = file('later.ndjson', register({ category: 'A4y' }))
    const unlock = lockDataFolder(dataDir)
    const ended = await runFast(path)
    unlock()
    expect(ended).toEqual([
      2,
      expect.stringMatching(/^Another process is using the data folder .*POST \/v1\/imports\.\n$/s),
    ])
  })
})
