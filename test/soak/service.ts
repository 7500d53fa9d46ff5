/** The service as it is, only that its clock and its disk can be moved from outside: `SOAK_CONTROL` names the file. */
import { readFileSync } from 'node:fs'
import { toInstant } from '../../domain/instant.ts'
import { runService } from '../../src/process.ts'
import type { Control } from './control.ts'

const lookEveryMs = 20

const file = process.env.SOAK_CONTROL as string
const read = (): Control => JSON.parse(readFileSync(file, 'utf8'))

let control = read()
setInterval(() => {
  control = read()
}, lookEveryMs).unref()

runService({
  now: () => toInstant(Date.now() + control.clockMs),
  store: {
    beforeCommit: () => {
      const { commitsFail: code } = control
      if (code !== null) throw Object.assign(new Error('a fault made for the soak'), { code })
    },
  },
})
