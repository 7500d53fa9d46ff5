/** `npm run openapi`: writes `openapi/openapi.json`. With `-- --check` it only says whether the file is up to date. */
import '../umask.ts'
import { readFile, writeFile } from 'node:fs/promises'
import { openApiText } from '../openApiDocument.ts'
import { runCommand } from './command.ts'

const usage = `Usage: npm run openapi [-- --check]
Writes openapi/openapi.json from the routes; --check only compares.`
const options = { check: { type: 'boolean', default: false } } as const

await runCommand({ usage, options }, async ({ values: { check } }) => {
  const file = new URL('../../openapi/openapi.json', import.meta.url)
  const text = await openApiText()
  if (!check) await writeFile(file, text)
  else if (text !== (await readFile(file, 'utf8').catch(() => ''))) {
    console.error('openapi/openapi.json does not match the routes. Run: npm run openapi')
    return 1
  }
  return 0
})
