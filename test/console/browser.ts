/** A real browser for the console, the forms and `/docs`. Where there is none the tests are skipped, and say so. */
import { describe } from '@jest/globals'
import { missing } from './chromium.ts'

export { launch, openPage, sizes, watch } from './chromium.ts'

if (missing !== null) process.stderr.write(`nothing is tested in a browser: ${missing} here\n`)

/** `describe`, skipped where there is no browser. */
export const inBrowser = (title: string, body: () => void): void =>
  (missing === null ? describe : describe.skip)(title, body)
