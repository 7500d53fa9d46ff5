/** `npm run bench [-- --json FILE] [-- --only NAME]`: speed as ratios, each measured in one run. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { intakeRows } from './intake.ts'
import { type Row, tableOf } from './table.ts'
import { viewRows } from './views.ts'

const benches: Record<string, () => Promise<Row[]>> = {
  intake: () => intakeRows(0),
  'intake-slow-disk': () => intakeRows(1),
  views: viewRows,
}

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } })
const names = Object.keys(benches).filter((name) => values.only === undefined || name === values.only)
if (names.length === 0) {
  console.error(`There is no bench ${values.only}; there are: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

const rows: Row[] = []
for (const name of names) {
  process.stderr.write(`${name} …\n`)
  rows.push(...(await (benches[name] as () => Promise<Row[]>)()))
}
console.log(tableOf(rows))
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.exitCode = rows.every(({ pass }) => pass) ? 0 : 1
