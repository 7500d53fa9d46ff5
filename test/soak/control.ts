/** What the soak moves in a running service: its clock, and whether its log takes commits. */
import { renameSync, writeFileSync } from 'node:fs'

export type Control = {
  /** Added to the clock of the machine. */
  clockMs: number
  /** The error code commits to the log fail with. */
  commitsFail: 'SQLITE_FULL' | 'SQLITE_READONLY' | null
}

/** Keeps the file the service reads; `set` changes it as a whole. */
export const createControl = (file: string) => {
  let control: Control = { clockMs: 0, commitsFail: null }
  const set = (more: Partial<Control>): void => {
    control = { ...control, ...more }
    writeFileSync(`${file}.new`, JSON.stringify(control))
    renameSync(`${file}.new`, file)
  }
  set({})
  return { file, set, clockMs: (): number => control.clockMs }
}
export type ControlFile = ReturnType<typeof createControl>
