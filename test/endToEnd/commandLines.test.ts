/** Every command takes `--help`, refuses what it does not know, and ends with 0, 1 or 2 by one rule. */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { runHere } from './runHere.ts'
import { runToEnd } from './serviceProcess.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'command-lines-'))
afterAll(() => rmSync(folder, { recursive: true }))
const nowhere = { DATA_DIR: join(folder, 'none') }

/** The script of each command of ours in package.json. */
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const commands = Object.entries(scripts).flatMap(([name, text]) => {
  const script = /^node (?:--\S+ )*((?:src|test)\/\S+\.ts)$/.exec(text)?.[1]
  return script === undefined ? [] : [[name, script] as const]
})

describe('a command', () => {
  test('is found in package.json', () => {
    expect(commands.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'start',
        'demo',
        'import',
        'token',
        'rebuild',
        'migrate',
        'verify',
        'backup',
        'openapi',
      ]),
    )
  })

  test.each(commands)('%s says with --help how it is used, and does nothing', async (name, script) => {
    const { code, output } = await runHere(script, nowhere, ['--help'])
    expect([code, output]).toEqual([0, expect.stringMatching(new RegExp(`^Usage: npm (run )?${name}\\b`))])
    expect(existsSync(nowhere.DATA_DIR)).toBe(false)
  })

  test.each(commands)('%s refuses a flag it does not know, and does nothing', async (name, script) => {
    const written = join(root, 'openapi/openapi.json')
    const before = statSync(written).mtimeMs
    const { code, output } = await runHere(script, nowhere, ['--chek'])
    expect([code, output]).toEqual([2, expect.stringContaining("'--chek'")])
    expect(output).toContain(`Usage: npm ${name === 'start' ? '' : 'run '}${name}`)
    expect(statSync(written).mtimeMs).toBe(before)
    expect(existsSync(nowhere.DATA_DIR)).toBe(false)
  })

  test.each([
    ['rebuild', []],
    ['verify', []],
    ['backup', [join(folder, 'backup')]],
    ['migrate', ['--from', 'sqlite', '--to', 'esdb://127.0.0.1:1?tls=false']],
  ])('%s ends with 2 where there is no log', async (name, args) => {
    const { code, output } = await runHere(`src/cli/${name}.ts`, nowhere, args)
    expect([code, output]).toEqual([2, expect.stringMatching(/^There is no log in .*\n$/)])
  })

  // the others are run in this process, for a start takes over a second
  test.each<[string, string[], number]>([
    ['src/main.ts', ['--help'], 0],
    ['src/main.ts', ['--chek'], 2],
    ['src/cli/verify.ts', ['--help'], 0],
    ['src/cli/rebuild.ts', [], 2],
  ])('ends so as a process of its own: %s %s', async (script, args, expected) => {
    const { code, output } = await runToEnd(script, nowhere, args)
    expect([code, output]).toEqual([expected, expect.stringMatching(/Usage: npm |^There is no log in /)])
  })
})

describe('a folder whose name has a space and Chinese characters', () => {
  test('serves as any other', () => {
    const place = join(folder, '投诉 工单')
    for (const part of ['src', 'api', 'domain', 'projections', 'openapi', 'package.json'])
      cpSync(join(root, part), join(place, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, args, {
        cwd: place,
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
        stdio: 'pipe',
      })
    expect(run('src/cli/openapi.ts', '--check')).toBe('')
    expect(run('src/cli/token.ts', '--role', 'csr')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  })

  test('is named by no path that was taken from a URL unread', () => {
    const files = globSync('{api,domain,projections,src,test}/**/*.ts', { cwd: root })
    const wrong = files.filter((file) =>
      /import\.meta\.url\)\.pathname/.test(readFileSync(join(root, file), 'utf8')),
    )
    // this test names what it looks for
    expect(wrong).toEqual(['test/endToEnd/commandLines.test.ts'].filter((file) => wrong.includes(file)))
  })
})
