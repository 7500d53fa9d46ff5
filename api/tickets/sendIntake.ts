/** Answers what a complaint came to: a new ticket with 201, a call on an open one with 200. */
import type { FastifyReply } from 'fastify'
import type { IntakeResult } from '../commands/tickets/intake.ts'
import type { Deps } from '../http/deps.ts'
import { sendWritten, type WriteFacts } from '../http/written.ts'
import { presentIntake } from './present.ts'

/** Sends the answer with the ticket's address and version, so that the next write can name them. */
export const sendIntake = (
  { metrics }: Pick<Deps, 'metrics'>,
  reply: FastifyReply,
  { position, replayed, ...result }: Pick<IntakeResult, 'outcome' | 'ticket'> & WriteFacts,
) => {
  const taken = presentIntake(result)
  if (!replayed) metrics.business.complaints.inc({ outcome: taken.outcome })
  sendWritten(reply, { version: taken.version, position, replayed })
  reply.header('location', `/v1/tickets/${taken.ticketNo}`)
  return taken.outcome === 'contact_logged' ? reply.code(200).send(taken) : reply.code(201).send(taken)
}
