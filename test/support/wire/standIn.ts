/**
 * A stand-in for EventStoreDB in this process: a gRPC server with a log in memory that speaks as much of the wire as
 * the adapter asks for, and does wrong what a test tells it to. It proves what the client and the adapter do with
 * what comes over the wire; that EventStoreDB behaves so is proved on a real one.
 */
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js'
import streamsPb from '@eventstore/db-client/generated/streams_pb.js'
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import type { KeptEvent } from './messages.ts'
import * as message from './messages.ts'

type Batch = InstanceType<typeof streamsPb.BatchAppendReq>
type BatchCall = ServerDuplexStream<Batch, unknown>
type ReadCall = ServerWritableStream<InstanceType<typeof streamsPb.ReadReq>, unknown>

/** What becomes of one append; left out, it is written and answered. */
export type Fate = {
  /** Whether it is written. */
  written: boolean
  /** The answer after so many milliseconds; `null`: none ever. */
  answerAfterMs?: number | null
  /** Another answer than the right one. */
  says?: 'timeout' | 'unknown' | 'denied'
  /** The stream of all appends fails with this code after it. */
  breaks?: status
  /** The answer comes twice. */
  twice?: boolean
}

/** What reads and subscriptions end with; `'end'` without an error. */
export type Failure = { code: status; details: string; metadata?: Metadata } | 'end'

const failureOf = ({ code, details, metadata }: Exclude<Failure, 'end'>) =>
  Object.assign(new Error(details), { code, details, metadata: metadata ?? new Metadata() })

const fail = (call: ReadCall, failure: Failure): void => {
  if (failure === 'end') call.end()
  else call.emit('error', failureOf(failure))
}

/** A failure as EventStoreDB names it, beside its code. */
export const named = (code: status, details: string, fields: Record<string, string>): Failure => {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(fields)) metadata.set(name, value)
  return { code, details, metadata }
}

export const startStandIn = async () => {
  const log: KeptEvent[] = []
  const tombs = new Set<string>()
  const following = new Set<{ call: ReadCall; prefixes: string[]; sent: number }>()
  const fates: Fate[] = []
  const counts = { appends: 0, features: 0, reads: 0, subscriptions: 0 }
  const faults: { features?: Failure | 'silence'; reads: (Failure | 'silence')[]; subscriptions: Failure[] } =
    {
      reads: [],
      subscriptions: [],
    }

  const streamIndex = new Map<string, KeptEvent[]>()
  let indexed = 0
  const ofStream = (stream: string): readonly KeptEvent[] => {
    // a test may have emptied the log
    if (log.length < indexed) indexed = 0
    if (indexed === 0) streamIndex.clear()
    for (const event of log.slice(indexed)) {
      const known = streamIndex.get(event.stream)
      if (known === undefined) streamIndex.set(event.stream, [event])
      else known.push(event)
    }
    indexed = log.length
    return streamIndex.get(stream) ?? []
  }
  const matches = (prefixes: string[], { stream }: KeptEvent): boolean =>
    prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix))

  const deliver = (): void => {
    for (const follower of following) {
      for (const event of log.slice(follower.sent))
        if (matches(follower.prefixes, event)) follower.call.write(message.eventMessage(event))
      follower.sent = log.length
    }
  }

  const write = (stream: string, request: Batch): void => {
    for (const proposed of request.getProposedMessagesList()) {
      log.push({
        stream,
        revision: ofStream(stream).length,
        position: (log.length + 1) * 100,
        id: proposed.getId()?.getString() ?? '',
        type: proposed.getMetadataMap().get('type') ?? '',
        contentType: proposed.getMetadataMap().get('content-type') ?? '',
        data: proposed.getData_asU8(),
        metadata: proposed.getCustomMetadata_asU8(),
      })
    }
  }

  /** As the server judges: at the place that was expected, or the same events at the same place already. */
  const judge = (request: Batch, isWritten: boolean) => {
    const options = request.getOptions()
    const stream = message.nameOf(options?.getStreamIdentifier())
    const stated = options?.hasNoStream() ? 0 : Number(options?.getStreamPosition()) + 1
    const expected = options?.hasAny() ? ofStream(stream).length : stated
    const ids = request.getProposedMessagesList().map((proposed) => proposed.getId()?.getString())
    const there = ofStream(stream)
    if (there.length === expected && isWritten) {
      write(stream, request)
      deliver()
    }
    const placed = ofStream(stream).slice(expected, expected + ids.length)
    const isThere = placed.length === ids.length && placed.every(({ id }, index) => id === ids[index])
    const last = placed.at(-1)
    if (isThere && last !== undefined) return message.appended(request, last)
    return message.wrongVersion(request, stream, there.length)
  }

  const batchAppend = (call: BatchCall): void => {
    call.on('error', () => {})
    call.on('end', () => call.end())
    let isBroken = false
    call.on('data', (request: Batch) => {
      // what was in flight behind it is lost with the stream
      if (isBroken) return
      counts.appends += 1
      const { written, answerAfterMs = 0, says, breaks, twice = false } = fates.shift() ?? { written: true }
      const stream = message.nameOf(request.getOptions()?.getStreamIdentifier())
      const right = judge(request, written)
      const others = { timeout: message.timedOut, unknown: message.unknown, denied: message.denied }
      const answer = says === undefined ? right : others[says](request, stream)
      const send = (): void => {
        call.write(answer)
        if (twice) call.write(answer)
      }
      isBroken = breaks !== undefined
      if (breaks !== undefined) call.emit('error', failureOf({ code: breaks, details: 'broken on purpose' }))
      else if (answerAfterMs === 0) send()
      else if (answerAfterMs !== null) setTimeout(send, answerAfterMs)
    })
  }

  const subscribe = (call: ReadCall, after: number): void => {
    counts.subscriptions += 1
    const failure = faults.subscriptions.shift()
    if (failure !== undefined) {
      fail(call, failure)
      return
    }
    const filter = call.request.getOptions()?.getFilter()
    const prefixes = filter?.getStreamIdentifier()?.getPrefixList() ?? []
    call.write(message.confirmation())
    const follower = { call, prefixes, sent: log.filter(({ position }) => position <= after).length }
    following.add(follower)
    deliver()
    call.write(message.caughtUp())
    call.on('cancelled', () => following.delete(follower))
  }

  const read = (call: ReadCall): void => {
    call.on('error', () => {})
    const options = call.request.getOptions()
    const all = options?.getAll()
    const at = all?.getPosition() === undefined ? null : Number(all.getPosition()?.getCommitPosition())
    if (options?.hasSubscription()) {
      subscribe(call, at ?? 0)
      return
    }
    counts.reads += 1
    const failure = faults.reads.shift()
    if (failure === 'silence') return
    if (failure !== undefined) {
      fail(call, failure)
      return
    }
    const limit = Number(options?.getCount() ?? 0)
    if (all !== undefined) {
      if (options?.getReadDirection() === streamsPb.ReadReq.Options.ReadDirection.FORWARDS) {
        // as the server, in no code of its own
        if (at !== null && !log.some(({ position }) => position === at)) {
          fail(call, { code: status.UNKNOWN, details: 'Unexpected ReadAllResult: Error' })
          return
        }
        const on = log.filter(({ position }) => at === null || position >= at)
        for (const event of on.slice(0, limit)) call.write(message.eventMessage(event))
        call.end()
        return
      }
      const back = log.filter(({ position }) => at === null || position <= at).toReversed()
      for (const event of back.slice(0, limit)) call.write(message.eventMessage(event))
      call.end()
      return
    }
    const name = message.nameOf(options?.getStream()?.getStreamIdentifier())
    const from = Number(options?.getStream()?.getRevision() ?? 0)
    const found = ofStream(name)
    if (tombs.has(name)) {
      const deleted = named(status.FAILED_PRECONDITION, 'deleted', {
        exception: 'stream-deleted',
        'stream-name': name,
      })
      fail(call, deleted)
      return
    }
    if (found.length === 0) call.write(message.streamNotFound(name))
    for (const event of found.slice(from, from + limit)) call.write(message.eventMessage(event))
    call.end()
  }

  const server = new Server()
  const notNeeded = (_: unknown, answer: sendUnaryData<never>): void =>
    answer({ code: status.UNIMPLEMENTED, details: 'the stand-in does not speak this' })
  server.addService(streams.StreamsService as never, {
    read,
    batchAppend,
    append: notNeeded,
    delete: notNeeded,
    tombstone: (
      call: { request: InstanceType<typeof streamsPb.TombstoneReq> },
      answer: sendUnaryData<unknown>,
    ) => {
      tombs.add(message.nameOf(call.request.getOptions()?.getStreamIdentifier()))
      answer(null, new streamsPb.TombstoneResp())
    },
  })
  server.addService(serverFeatures.ServerFeaturesService as never, {
    getSupportedMethods: (_: unknown, answer: sendUnaryData<unknown>) => {
      counts.features += 1
      const fault = faults.features
      if (fault === undefined) answer(null, message.features())
      else if (fault !== 'silence' && fault !== 'end') answer(failureOf(fault))
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })

  return {
    address: `esdb://127.0.0.1:${port}?tls=false`,
    /** What was written, in the order of the log. */
    log,
    /** What becomes of the next appends, one after the other. */
    fates,
    faults,
    counts,
    /** Ends every subscription there is. */
    endSubscriptions: (failure: Failure): void => {
      for (const { call } of following) fail(call, failure)
      following.clear()
    },
    /** Says to every subscription that nothing of theirs lies before this place. */
    checkpoint: (position: number): void => {
      for (const { call } of following) call.write(message.checkpointAt(position))
    },
    /** An event that the service did not write. */
    foreign: (event: Omit<KeptEvent, 'position'>): void => {
      log.push({ ...event, position: (log.length + 1) * 100 })
      deliver()
    },
    stop: async (): Promise<void> => server.forceShutdown(),
  }
}
export type StandIn = Awaited<ReturnType<typeof startStandIn>>
