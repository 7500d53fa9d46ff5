/** The messages of EventStoreDB's wire that the stand-in sends, made with the client's own generated code. */
import serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js'
import sharedPb from '@eventstore/db-client/generated/shared_pb.js'
import statusPb from '@eventstore/db-client/generated/status_pb.js'
import streamsPb from '@eventstore/db-client/generated/streams_pb.js'
import anyPb from 'google-protobuf/google/protobuf/any_pb.js'

/** An event as the stand-in keeps it; `position` is both halves of its place. */
export type KeptEvent = {
  stream: string
  revision: number
  position: number
  id: string
  type: string
  contentType: string
  data: Uint8Array
  metadata: Uint8Array
}

type ReadResponse = InstanceType<typeof streamsPb.ReadResp>
type Batch = InstanceType<typeof streamsPb.BatchAppendReq>

const ticksPerMillisecond = 10_000n

export const nameOf = (identifier: InstanceType<typeof sharedPb.StreamIdentifier> | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString()

const identifierOf = (stream: string) => {
  const identifier = new sharedPb.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream).toString('base64'))
  return identifier
}

export const eventMessage = (event: KeptEvent): ReadResponse => {
  const recorded = new streamsPb.ReadResp.ReadEvent.RecordedEvent()
  const id = new sharedPb.UUID()
  id.setString(event.id)
  recorded.setId(id)
  recorded.setStreamIdentifier(identifierOf(event.stream))
  recorded.setStreamRevision(String(event.revision))
  recorded.setPreparePosition(String(event.position))
  recorded.setCommitPosition(String(event.position))
  recorded.getMetadataMap().set('type', event.type)
  recorded.getMetadataMap().set('content-type', event.contentType)
  recorded.getMetadataMap().set('created', String(BigInt(Date.now()) * ticksPerMillisecond))
  recorded.setCustomMetadata(event.metadata)
  recorded.setData(event.data)
  const read = new streamsPb.ReadResp.ReadEvent()
  read.setEvent(recorded)
  read.setCommitPosition(String(event.position))
  const message = new streamsPb.ReadResp()
  message.setEvent(read)
  return message
}

export const confirmation = (): ReadResponse => {
  const confirmed = new streamsPb.ReadResp.SubscriptionConfirmation()
  confirmed.setSubscriptionId('one')
  const message = new streamsPb.ReadResp()
  message.setConfirmation(confirmed)
  return message
}

export const caughtUp = (): ReadResponse => {
  const message = new streamsPb.ReadResp()
  message.setCaughtUp(new streamsPb.ReadResp.CaughtUp())
  return message
}

export const checkpointAt = (position: number): ReadResponse => {
  const checkpoint = new streamsPb.ReadResp.Checkpoint()
  checkpoint.setCommitPosition(String(position))
  checkpoint.setPreparePosition(String(position))
  const message = new streamsPb.ReadResp()
  message.setCheckpoint(checkpoint)
  return message
}

export const streamNotFound = (stream: string): ReadResponse => {
  const notFound = new streamsPb.ReadResp.StreamNotFound()
  notFound.setStreamIdentifier(identifierOf(stream))
  const message = new streamsPb.ReadResp()
  message.setStreamNotFound(notFound)
  return message
}

const answerTo = (request: Batch, stream: string) => {
  const answer = new streamsPb.BatchAppendResp()
  answer.setCorrelationId(request.getCorrelationId())
  answer.setStreamIdentifier(identifierOf(stream))
  return answer
}

/** That the append stands, its last event at this place. */
export const appended = (request: Batch, last: KeptEvent) => {
  const position = new sharedPb.AllStreamPosition()
  position.setCommitPosition(String(last.position))
  position.setPreparePosition(String(last.position))
  const success = new streamsPb.BatchAppendResp.Success()
  success.setCurrentRevision(String(last.revision))
  success.setPosition(position)
  const answer = answerTo(request, last.stream)
  answer.setSuccess(success)
  return answer
}

const failed = (request: Batch, stream: string, name: string, bytes: Uint8Array) => {
  const details = new anyPb.Any()
  details.pack(bytes, `event_store.client.${name}`)
  const status = new statusPb.Status()
  status.setMessage(name)
  status.setDetails(details)
  const answer = answerTo(request, stream)
  answer.setError(status)
  return answer
}

/** That the stream has another number of events. */
export const wrongVersion = (request: Batch, stream: string, events: number) => {
  const wrong = new sharedPb.WrongExpectedVersion()
  if (events > 0) wrong.setCurrentStreamRevision(String(events - 1))
  return failed(request, stream, 'WrongExpectedVersion', wrong.serializeBinary())
}

/** What the server says where it could not do it in time, and where it does not know why it could not. */
export const timedOut = (request: Batch, stream: string) =>
  failed(request, stream, 'Timeout', new sharedPb.Timeout().serializeBinary())

export const unknown = (request: Batch, stream: string) =>
  failed(request, stream, 'Unknown', new sharedPb.Unknown().serializeBinary())

export const denied = (request: Batch, stream: string) =>
  failed(request, stream, 'AccessDenied', new sharedPb.AccessDenied().serializeBinary())

/** What servers of today say that they can do: take appends in batches. */
export const features = () => {
  const method = new serverFeaturesPb.SupportedMethod()
  method.setServiceName('event_store.client.streams.streams')
  method.setMethodName('batchappend')
  const all = new serverFeaturesPb.SupportedMethods()
  all.setEventStoreServerVersion('24.10.0')
  all.addMethods(method)
  return all
}
