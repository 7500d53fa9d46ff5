/** Runs the service until it is told to stop. */
import { runService } from './process.ts'

runService()
