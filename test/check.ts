/** `npm run check`: everything a change must pass. What needs no other part runs two at a time, then the tests, then the soak. */
import { spawn } from 'node:child_process'
import { readCommandLine } from '../src/cli/command.ts'

const usage = `Usage: npm run check
Runs everything a change must pass, as the build runs it, and ends with 1 at the first part that fails.`

readCommandLine({ usage })

/** A script of package.json with its arguments. */
type Part = readonly [script: string, ...args: string[]]

/** Quick, and each of its own: those that take longest come first. */
const quick: readonly Part[] = [['openapi:lint'], ['types'], ['openapi', '--check'], ['lint'], ['borders']]

/** The rooms of tests that `coverage` runs, and measures what they reach of the domain. */
const covered = 'test/(domain|projections|docs|api)/'

/**
 * Each takes the whole machine. The other tests are measured no more: that costs time, and they reach little that the
 * first do not.
 */
const long: readonly Part[] = [
  ['coverage'],
  ['test', '--testPathIgnorePatterns', covered],
  ['soak', '--seconds', '30'],
]

const nameOf = ([script, ...args]: Part): string => ['npm run', script, ...args].join(' ')

const began = performance.now()
const secondsSince = (then: number): string => `${((performance.now() - then) / 1_000).toFixed(0)} s`

/** Runs a part to its end. @returns its exit code and, unless it wrote to the terminal itself, what it said */
const run = (part: Part, isLong: boolean): Promise<{ code: number; output: string }> =>
  new Promise((resolve, reject) => {
    const [script, ...args] = part
    const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
      stdio: isLong ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    const chunks: string[] = []
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output: chunks.join('') }))
  })

/** Runs a part and says how it ended. @returns whether it passed */
const pass = async (part: Part, isLong = false): Promise<boolean> => {
  const started = performance.now()
  if (isLong) console.log(`${nameOf(part)} …`)
  const { code, output } = await run(part, isLong)
  process.stdout.write(output)
  console.log(`${nameOf(part)}: ${code === 0 ? 'passed' : `failed with ${code}`}, ${secondsSince(started)}`)
  return code === 0
}

const waiting = [...quick]
let passed = true
const takeQuick = async (): Promise<void> => {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift())
    passed = (await pass(part)) && passed
}
await Promise.all([takeQuick(), takeQuick()])
for (const part of long) passed = passed && (await pass(part, true))
console.log(`npm run check: ${passed ? 'passed' : 'failed'}, ${secondsSince(began)}`)
process.exitCode = passed ? 0 : 1
