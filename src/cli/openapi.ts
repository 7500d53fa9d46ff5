/** `npm run openapi`: writes `openapi/openapi.json`. With `-- --check` it only says whether the file is up to date. */
import '../umask.ts'
import { readFile, writeFile } from 'node:fs/promises'
import { openApiText } from '../openApiDocument.ts'

const file = new URL('../../openapi/openapi.json', import.meta.url)
const text = await openApiText()

if (!process.argv.includes('--check')) {
  await writeFile(file, text)
} else if (text !== (await readFile(file, 'utf8').catch(() => ''))) {
  console.error('openapi/openapi.json does not match the routes. Run: npm run openapi')
  process.exitCode = 1
}
