/** A line of an import, and the act it stands for (`api.md`, imports). */
import { z } from 'zod'
import { roleSchema } from '../../../domain/authority.ts'
import { warningCodeSchema } from '../../../domain/codes.ts'
import { handoverBody, visitBody } from '../care/bodies.ts'
import { instantInput, text } from '../fields.ts'
import { acknowledgeBody, complaintBody, externalNoSchema, resolveBody } from '../tickets/bodies.ts'
import { type ActName, acts } from '../tickets/ticketCommands.ts'

/** Commands that are acts of `POST /v1/tickets/{ticketNo}/…`, by the path they have there. */
export const actOfCommand = {
  respond: 'responses',
  contact: 'contacts',
  record: 'records',
  close: 'close',
  callback: 'callbacks',
  redispatch: 'redispatch',
  reclassify: 'reclassify',
  'convert-to-c': 'convert-to-c',
  'responsible-dealer': 'responsible-dealer',
  rescind: 'rescind',
  'duplicate-of': 'duplicate-of',
  'repeat-link': 'repeat-link',
  'repeat-unlink': 'repeat-unlink',
} as const satisfies Record<string, ActName>
export type ActCommand = keyof typeof actOfCommand

const envelope = {
  at: instantInput,
  actor: z.strictObject({ id: text(200, 1), role: roleSchema }),
  ref: externalNoSchema,
}

const code = { code: warningCodeSchema }

const actLine = <C extends ActCommand>(command: C) =>
  z.strictObject({ ...envelope, command: z.literal(command), data: acts[actOfCommand[command]].body })

export const importLine = z.discriminatedUnion('command', [
  z.strictObject({ ...envelope, command: z.literal('register'), data: complaintBody }),
  z.strictObject({ ...envelope, command: z.literal('acknowledge'), data: acknowledgeBody.extend(code) }),
  z.strictObject({ ...envelope, command: z.literal('resolve'), data: resolveBody.extend(code) }),
  z.strictObject({ ...envelope, command: z.literal('handover'), data: handoverBody }),
  z.strictObject({ ...envelope, command: z.literal('visit'), data: visitBody }),
  actLine('respond'),
  actLine('contact'),
  actLine('record'),
  actLine('close'),
  actLine('callback'),
  actLine('redispatch'),
  actLine('reclassify'),
  actLine('convert-to-c'),
  actLine('responsible-dealer'),
  actLine('rescind'),
  actLine('duplicate-of'),
  actLine('repeat-link'),
  actLine('repeat-unlink'),
])
export type ImportLine = z.infer<typeof importLine>

/** Lines of the care desk: about a vehicle and no ticket. */
export type CareLine = Extract<ImportLine, { command: 'handover' | 'visit' }>
/** Lines about a ticket. */
export type TicketLine = Exclude<ImportLine, CareLine>

export const isCareLine = (line: ImportLine): line is CareLine =>
  line.command === 'handover' || line.command === 'visit'
