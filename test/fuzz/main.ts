/** `npm run fuzz -- [--requests N] [--seed N]`: exits 1 where an answer was not what it must be, and says which. */
import { readCommandLine } from '../../src/cli/command.ts'
import { fuzz } from './run.ts'
import { startWatched } from './watched.ts'

const usage = `Usage: npm run fuzz [-- --requests N] [-- --seed N]`
const { values } = readCommandLine({
  usage,
  options: { requests: { type: 'string', default: '20000' }, seed: { type: 'string' } },
})
const asked = { requests: Number(values.requests), seed: Number(values.seed ?? Date.now() % 1_000_000) }
if (!Number.isSafeInteger(asked.requests) || !Number.isSafeInteger(asked.seed))
  throw new Error('--requests and --seed are whole numbers.')

console.log(`--requests ${asked.requests} --seed ${asked.seed}`)
const watched = await startWatched()
const { faults, ...counts } = await fuzz(watched, asked)
await watched.close()
console.log(counts)
for (const fault of faults) console.error(fault)
for (const line of watched.badLines) console.error(`log: ${line}`)
process.exitCode = faults.length + watched.badLines.length > 0 ? 1 : 0
