/** Runs the service until it is told to stop. */
import './umask.ts'
import { readCommandLine } from './cli/command.ts'
import { runService } from './process.ts'

const usage = `Usage: npm start
Runs the service until SIGTERM or SIGINT. It is configured by environment variables only; the README lists them.`

readCommandLine({ usage })
runService()
