/**
 * What happens, as it happens: one stream a browser. Of the tabs that see the same, one holds a lock, reads the stream
 * and passes on what it reads; when it closes, the next one goes on from the same position.
 */
import { computed, signal } from '@preact/signals'
import { ApiProblem } from '../core/api.ts'
import { now } from '../core/clock.ts'
import { identityOf, type Me } from '../session/claims.ts'
import { leave, me, onSignOut } from '../session/session.ts'
import { type Connection, livenessOf, retryMs, silenceMs } from './connection.ts'
import { readStream, type StreamItem } from './reader.ts'

const connection = signal<Connection>({ state: 'connecting' })

/** Up to where everything that happened is known; reads ask for an answer that has it. */
export const position = signal<string | null>(null)

/** How live the page is, and since when it is not; epoch ms by the browser's clock. */
export const liveness = computed(() => {
  const is = connection.value
  // read, so that it is judged again as time goes by
  void now.value
  return { is: livenessOf(is, Date.now()), since: is.state === 'lost' ? is.since : null }
})

type Listener = (item: StreamItem | null) => void
const listeners = new Set<Listener>()

/** Calls for every item; `null`: whatever is shown is to be read again. Returns what ends it. */
export const onNews = (listener: Listener): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const tellAll = (item: StreamItem | null): void => {
  for (const each of [...listeners]) each(item)
}

type Message =
  | { kind: 'item'; item: StreamItem }
  | { kind: 'state'; connection: Connection; position: string | null }
  | { kind: 'again' }
  | { kind: 'hello' }
  | { kind: 'signed out' }

const pingMs = 5_000

const setConnection = (next: Connection): void => {
  const was = connection.peek()
  // the first instant counts, not that of the last attempt
  if (next.state === 'lost' && was.state === 'lost') return
  connection.value = next
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer)
      removeEventListener('online', settle)
      resolve()
    }
    const timer = setTimeout(settle, ms)
    // no need to wait longer once the network is back
    addEventListener('online', settle, { once: true })
    signal.addEventListener('abort', settle, { once: true })
  })

/** Reads the stream again and again until it is told to end. */
const lead = async (post: (message: Message) => void, signal: AbortSignal): Promise<void> => {
  const state = (): void => post({ kind: 'state', connection: connection.peek(), position: position.peek() })
  const change = (next: Connection): void => {
    setConnection(next)
    state()
  }
  const pinging = setInterval(state, pingMs)
  let attempt = 0
  let reading = new AbortController()
  // a connection that is open when the network goes may stay silent for long
  const cut = (): void => reading.abort()
  addEventListener('offline', cut)
  while (!signal.aborted) {
    reading = new AbortController()
    try {
      await readStream({
        after: position.peek(),
        signal: AbortSignal.any([signal, reading.signal]),
        onOpen: () => {
          attempt = 0
          change({ state: 'live' })
          // what happened while nothing came
          post({ kind: 'again' })
          tellAll(null)
        },
        onItem: (item) => {
          position.value = item.position
          post({ kind: 'item', item })
          tellAll(item)
        },
        onPosition: (at) => {
          position.value = at
        },
      })
    } catch (error) {
      // a log that was replaced: what is shown is read again, and the stream begins at its end
      if (error instanceof ApiProblem && error.code === 'position_unknown') position.value = null
    }
    if (signal.aborted) break
    change({ state: 'lost', since: Date.now() })
    await pause(retryMs(attempt++, Math.random()), signal)
  }
  clearInterval(pinging)
  removeEventListener('offline', cut)
}

/** Takes part in the stream of all tabs with the same rights. Returns what ends it. */
const takePart = (who: Me): (() => void) => {
  const name = `console ${identityOf(who)}`
  const channel = new BroadcastChannel(name)
  const ending = new AbortController()
  const post = (message: Message): void => {
    if (!ending.signal.aborted) channel.postMessage(message)
  }
  let isLeader = false
  let heardAt = Date.now()

  const take: { [K in Message['kind']]: (message: Extract<Message, { kind: K }>) => void } = {
    item: ({ item }) => {
      position.value = item.position
      tellAll(item)
    },
    again: () => tellAll(null),
    state: (message) => {
      connection.value = message.connection
      position.value = message.position
    },
    hello: () => {
      if (isLeader) post({ kind: 'state', connection: connection.peek(), position: position.peek() })
    },
    'signed out': leave,
  }
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    heardAt = Date.now()
    ;(take[data.kind] as (message: Message) => void)(data)
  }
  post({ kind: 'hello' })

  const leading = async (): Promise<void> => {
    isLeader = true
    await lead(post, ending.signal)
  }
  // without locks, on a page that is no secure context, every tab reads a stream of its own
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) void leading()
  else locks.request(name, { signal: ending.signal }, leading).catch(() => undefined)

  const watching = setInterval(() => {
    // the leader pings; one that is frozen does not
    if (!isLeader && Date.now() - heardAt > silenceMs) setConnection({ state: 'lost', since: heardAt })
  }, pingMs)
  const signedOut = (): void => post({ kind: 'signed out' })
  onSignOut.push(signedOut)

  return () => {
    ending.abort()
    clearInterval(watching)
    onSignOut.splice(onSignOut.indexOf(signedOut), 1)
    channel.close()
    connection.value = { state: 'connecting' }
    position.value = null
  }
}

let current: { identity: string; end(): void } | null = null

/** Follows who is signed in; to be called once the service has taken the token. */
export const goLive = (): void => {
  const who = me.peek()
  const identity = who === null ? null : identityOf(who)
  if (identity === (current?.identity ?? null)) return
  current?.end()
  current = who === null || identity === null ? null : { identity, end: takePart(who) }
}
