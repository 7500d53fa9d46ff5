/** Runs the service until it is told to stop. */
import './umask.ts'
import { runService } from './process.ts'

runService()
