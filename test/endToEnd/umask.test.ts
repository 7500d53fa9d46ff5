import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import { eventually } from './serviceProcess.ts'

let remove = async (): Promise<void> => {}
afterEach(() => remove())

const root = join(import.meta.dirname, '../..')

/** All files and folders under a folder. */
const under = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name))

test('whatever the umask, nobody but the owner can read what the service and a backup write', async () => {
  const folder = await temporaryFolder()
  remove = folder.remove
  const dataDir = join(folder.dir, 'data')
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '0', METRICS_PORT: '0' }
  const openly = (script: string): string => `umask 000; exec "${process.execPath}" ${script}`
  const child = spawn('sh', ['-c', openly('src/main.ts')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  try {
    await eventually('it is ready', () => output.includes('"msg":"ready"') || undefined)
    execFileSync('sh', ['-c', openly(`src/cli/backup.ts "${join(folder.dir, 'backup')}"`)], {
      cwd: root,
      env,
    })
    const files = [...under(dataDir), ...under(join(folder.dir, 'backup'))]
    expect(files.length).toBeGreaterThan(6)
    const open = files.filter((file) => (statSync(file).mode & 0o077) !== 0)
    expect(open).toEqual([])
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
}, 40_000)
