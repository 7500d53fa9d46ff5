/** Runs the service until it is told to stop. */
import './umask.ts'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { readCommandLine } from './cli/command.ts'

const usage = `Usage: npm start
Runs the service until SIGTERM or SIGINT. It is configured by environment variables only; the README lists them.`

readCommandLine({ usage })
// Compiling some thousand files is most of a start. What cannot be written there is compiled each time.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'))
const { runService } = await import('./process.ts')
runService()
