/** Shows how far long work has come: one line rebuilt on a terminal, a line every few seconds elsewhere. */
import type { WriteStream } from 'node:tty'

export type Soft = Pick<WriteStream, 'write'> & { isTTY?: boolean | undefined; columns?: number | undefined }

/** Milliseconds between two showings. */
const onTerminal = 100
const elsewhere = 3_000

export type Progress = {
  /** `done` of `total`, where that is known; `note` is shown behind. */
  update(done: number, note?: string): void
  /** Shows the last state for good. */
  end(done: number, note?: string): void
}

const timeLeft = (seconds: number): string =>
  seconds < 90 ? `${Math.max(0, Math.ceil(seconds))} s left` : `${Math.ceil(seconds / 60)} min left`

export const grouped = (count: number): string => count.toLocaleString('en-US')

type ProgressOptions = { label: string; unit: string; total?: number; out?: Soft; now?: () => number }

/** `now` in milliseconds, for tests. */
export const startProgress = ({
  label,
  unit,
  total,
  out = process.stderr,
  now = Date.now,
}: ProgressOptions): Progress => {
  const started = now()
  const isTerminal = out.isTTY === true
  let shown = started

  // nothing of nothing is all
  const percentOf = (done: number, of: number): number => (of === 0 ? 100 : Math.floor((done * 100) / of))

  const sentence = (done: number, note: string, isEnd = false): string => {
    const seconds = Math.max(now() - started, 1) / 1000
    const parts = [
      total === undefined ? null : `${String(percentOf(done, total)).padStart(3)} %`,
      `${grouped(done)}${total === undefined ? '' : ` of ${grouped(total)}`} ${unit}`,
      `${grouped(Math.round(done / seconds))}/s`,
      isEnd || total === undefined || done === 0 ? null : timeLeft((seconds * (total - done)) / done),
      note === '' ? null : note,
    ]
    return `${label}  ${parts.filter((part) => part !== null).join(', ')}`
  }

  return {
    update: (done, note = '') => {
      if (now() - shown < (isTerminal ? onTerminal : elsewhere)) return
      shown = now()
      out.write(
        isTerminal
          ? `\r\x1b[2K${sentence(done, note).slice(0, (out.columns ?? 80) - 1)}`
          : `${sentence(done, note)}\n`,
      )
    },
    end: (done, note = '') => {
      out.write(`${isTerminal ? '\r\x1b[2K' : ''}${sentence(done, note, true)}\n`)
    },
  }
}
