/** A virus scanner that speaks the INSTREAM command of ClamAV's clamd. */
import { once } from 'node:events'
import { createConnection } from 'node:net'

export type ScannerAddress = { host: string; port: number }

/** The scanner cannot be reached, or does not say whether a file is clean. */
export class ScannerUnavailable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ScannerUnavailable'
  }
}

export type Scan = {
  /** Sends bytes of the file, and waits while the scanner is slower. Never throws: `end` tells. */
  add(bytes: Uint8Array): Promise<void>
  /** The verdict on the file. @throws ScannerUnavailable */
  end(): Promise<'clean' | 'infected'>
  /** Lets go of the connection. */
  stop(): void
}

/** Without a byte for so long the scanner is not there, milliseconds. */
const timeoutMs = 30_000
/** A verdict is one short line. */
const mostAnswered = 4_096

const verdictOf = (answer: string): 'clean' | 'infected' | null => {
  const line = answer.replace(/[\0\r\n]+$/, '')
  if (/^stream: OK$/.test(line)) return 'clean'
  return /^stream: .+ FOUND$/.test(line) ? 'infected' : null
}

/** Begins to scan one file. */
export const startScan = (address: ScannerAddress): Scan => {
  const socket = createConnection(address)
  let answer = ''
  let fault: string | null = null
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.setTimeout(timeoutMs, () => {
    fault = 'it did not answer in time'
    socket.destroy()
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fault ??= error.code ?? error.message
  })
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
    if (answer.length > mostAnswered || /\0/.test(answer)) socket.destroy()
  })
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (socket.destroyed || !socket.writable) return
    if (!socket.write(bytes)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed])
  }
  const begun = write(Buffer.from('zINSTREAM\0'))
  const length = (bytes: number): Buffer => {
    const field = Buffer.alloc(4)
    field.writeUInt32BE(bytes)
    return field
  }
  return {
    add: async (bytes) => {
      if (bytes.length === 0) return
      await begun
      await write(Buffer.concat([length(bytes.length), bytes]))
    },
    end: async () => {
      await begun
      await write(length(0))
      await closed
      const verdict = verdictOf(answer)
      if (verdict === null) throw new ScannerUnavailable(fault ?? 'it gave no verdict')
      return verdict
    },
    stop: () => socket.destroy(),
  }
}
