/** Standard output as the place of log lines: a reader that is slow, stopped or gone never holds up the service. */
import { fstatSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { DestinationStream } from 'pino'

export type LogOutput = DestinationStream & {
  /** Settles when all lines are written, or after so many milliseconds. */
  flushed(withinMs: number): Promise<void>
}

/** Bytes that wait for a slow reader at most; further lines are dropped and counted. */
const mostPendingBytes = 1024 * 1024

const droppedLine = (lines: number): string =>
  `${JSON.stringify({ level: 40, time: new Date().toISOString(), lines, msg: 'log lines were dropped: nobody read them in time' })}\n`

/** A file or terminal: written at once; a full disk drops lines, and they are counted. */
const fileOutput = (fd: number): LogOutput => {
  let dropped = 0
  const writeAll = (text: string): void => {
    let rest = Buffer.from(text)
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest))
  }
  return {
    write: (line) => {
      try {
        if (dropped > 0) writeAll(droppedLine(dropped))
        dropped = 0
        writeAll(line)
      } catch {
        dropped += 1
      }
    },
    flushed: async () => undefined,
  }
}

/** A pipe or socket: written without blocking, for its reader may have stopped reading. */
const pipeOutput = (fd: number): LogOutput => {
  const socket = new Socket({ fd, readable: false, writable: true })
  let dropped = 0
  // the reader is gone: the service goes on without a log
  socket.on('error', () => undefined)
  return {
    write: (line) => {
      if (!socket.writable || socket.writableLength > mostPendingBytes) {
        dropped += 1
        return
      }
      if (dropped > 0) socket.write(droppedLine(dropped))
      dropped = 0
      socket.write(line)
    },
    flushed: (withinMs) =>
      new Promise((resolve) => {
        if (!socket.writable || socket.writableLength === 0) return resolve()
        setTimeout(resolve, withinMs)
        // called back after everything that was written before it
        socket.write('', () => resolve())
      }),
  }
}

/** Opens a file descriptor that the process already has, standard output unless another is named. */
export const openLogOutput = (fd = 1): LogOutput => {
  const kind = fstatSync(fd)
  return kind.isFIFO() || kind.isSocket() ? pipeOutput(fd) : fileOutput(fd)
}
