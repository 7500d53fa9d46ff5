/** Applies one line of an import: the same rules as live, at the line's own time. */
import { Refusal } from '../../../domain/refusal.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import { currentWarnings, type Ticket, type Warning } from '../../../domain/ticket/state.ts'
import type { Act } from '../act.ts'
import { CommandDone } from '../commandDone.ts'
import { commandIdOf } from '../commandId.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'
import { rowsOfCommand } from '../rowsOfCommand.ts'
import { actOn } from '../tickets/actOn.ts'
import { complaintOf } from '../tickets/complaint.ts'
import { execute, readEvents, readTicket } from '../tickets/execute.ts'
import { takeComplaint } from '../tickets/intake.ts'
import { subjectOfComplaint } from '../tickets/replay.ts'
import type { ActName, BodyOf } from '../tickets/ticketCommands.ts'
import { warningCommand } from '../tickets/warningCommand.ts'
import { identityOfCare, recordCareLine } from './careLines.ts'
import type { Identity } from './identity.ts'
import { actOfCommand, type ImportLine, isCareLine, type TicketLine } from './lines.ts'

/** The ticket a legacy number names, which may also be a number of our own. @throws Refusal `unknown_ticket` */
const ticketNamed = (deps: CommandDeps, name: string, pointer: string): TicketNo => {
  const { tickets } = deps.views
  const ticketNo = tickets.numberOf(name) ?? tickets.byNo(name)?.ticketNo
  if (ticketNo === undefined) throw new Refusal('unknown_ticket', { ticketNo: name }, pointer)
  return ticketNo
}

const register = async (
  deps: CommandDeps,
  line: TicketLine & { command: 'register' },
  act: Act,
): Promise<void> => {
  const { data, ref, at } = line
  if (deps.views.tickets.numberOf(ref) !== null) throw new Refusal('ref_reused', { ref }, '#/ref')
  const { sameProblemAs } = data
  const named =
    sameProblemAs === null || sameProblemAs === 'auto'
      ? sameProblemAs
      : ticketNamed(deps, sameProblemAs, '#/data/sameProblemAs')
  const body = { ...data, sameProblemAs: named, externalNo: ref, receivedAt: at }
  await takeComplaint(deps, complaintOf(deps, body, act.actor), act)
}

/** The open warning of that code: the current assignment's, else the newest. @throws Refusal `warning_not_found` */
const openWarning = (ticket: Ticket, code: Warning['code']): Warning => {
  const isOpen = (warning: Warning): boolean => warning.code === code && warning.resolvedAt === null
  const found = currentWarnings(ticket).findLast(isOpen) ?? ticket.warnings.findLast(isOpen)
  if (found === undefined) throw new Refusal('warning_not_found', { warning: code }, '#/data/code')
  return found
}

/** Bodies that name a ticket may name it by its legacy number. */
const withTicketNo = <B extends object>(deps: CommandDeps, body: B): B =>
  'ticketNo' in body
    ? { ...body, ticketNo: ticketNamed(deps, body.ticketNo as string, '#/data/ticketNo') }
    : body

const actLine = async (
  deps: CommandDeps,
  line: Exclude<TicketLine, { command: 'register' }>,
  act: Act,
): Promise<boolean> => {
  const ticketNo = ticketNamed(deps, line.ref, '#/ref')
  if (line.command === 'acknowledge' || line.command === 'resolve') {
    const { code, ...body } = line.data
    const { position } = await execute(
      deps,
      ticketNo,
      {
        command: (ticket, now) =>
          warningCommand(deps, openWarning(ticket, code).warningId, body)(ticket, now, act.actor),
      },
      act,
    )
    return position !== null
  }
  const asked = { name: actOfCommand[line.command], body: withTicketNo(deps, line.data) as BodyOf<ActName> }
  const { position } = await actOn(deps, ticketNo, asked, { act })
  return position !== null
}

/** Where a line comes from: its canonical JSON, and who runs the import under which request. */
export type LineOrigin = { canonical: string; importedBy: string; correlationId: string }

/** The same line under the id that versions before had for it, whose digests were keyed by the service; they had none of care. */
const wasDoneBefore = (deps: CommandDeps, canonical: string): boolean =>
  deps.views.commands.find(commandIdOf('import', deps.sealing.requestDigest(null, canonical) as string))
    .length > 0

/** A registration is known by its number, which is no secret of the customer's; its data must be the same again. */
const identityOfRegistration = (deps: CommandDeps, ref: string, canonical: string): Identity => {
  const commandId = commandIdOf('import register', ref)
  return {
    commandId,
    digestOf: (subject) => deps.sealing.requestDigest(subject, canonical) as string,
    isDone: async () => {
      const rows = await rowsOfCommand(deps, commandId)
      if (rows.length === 0) return false
      const subject = await subjectOfComplaint(deps, rows)
      const digest = subject === null ? null : deps.sealing.requestDigest(subject, canonical)
      // where the subject is erased nobody can tell any more whether it is the same line
      if (digest !== null && rows.every((row) => row.digest !== digest))
        throw new Refusal('ref_reused', { ref }, '#/ref')
      return true
    },
  }
}

/** An act is known by all it says, in a digest that nobody can make again once the subject is erased. */
const identityOfAct = async (deps: CommandDeps, line: TicketLine, canonical: string): Promise<Identity> => {
  const ticketNo = ticketNamed(deps, line.ref, '#/ref')
  const { subjectId } = (await readTicket(deps, ticketNo)) as Ticket
  const digest = deps.sealing.requestDigest(subjectId, canonical)
  if (digest === null) {
    const events = await readEvents(deps, ticketNo, undefined)
    const isKnown = events.some(({ metadata }) => metadata.imported && metadata.recordedAt === line.at)
    if (!isKnown) throw new Refusal('subject_erased', { ticketNo }, '#/ref')
    return { commandId: commandIdOf('import', ticketNo), digestOf: () => '', isDone: () => true }
  }
  const commandId = commandIdOf('import', digest)
  return {
    commandId,
    digestOf: () => digest,
    isDone: () => deps.views.commands.find(commandId).length > 0,
  }
}

const identityOf = (deps: CommandDeps, line: ImportLine, canonical: string): Identity | Promise<Identity> => {
  if (isCareLine(line)) return identityOfCare(deps, line, canonical)
  return line.command === 'register'
    ? identityOfRegistration(deps, line.ref, canonical)
    : identityOfAct(deps, line, canonical)
}

/** How long a line that another node has applied waits for the views to have it, milliseconds. */
const viewsTimeoutMs = 5_000

/**
 * Applies a line. Identical lines are one act, and repeating an import changes nothing.
 * @returns whether anything changed
 * @throws Refusal, Conflict
 */
export const applyLine = async (
  deps: CommandDeps,
  line: ImportLine,
  bringing: LineOrigin,
): Promise<boolean> => {
  const { canonical } = bringing
  if (!isCareLine(line) && wasDoneBefore(deps, canonical)) return false
  const identity = await identityOf(deps, line, canonical)
  const { commandId } = identity
  // another import may bring the same line at the same moment
  return deps.mutex.run([commandId], async () => {
    if (await identity.isDone()) return false
    try {
      return await applyOnce(deps, line, { ...bringing, identity })
    } catch (error) {
      if (!(error instanceof CommandDone)) throw error
      // by an import on another node
      if (!(await deps.views.reached(error.position, viewsTimeoutMs)) || !(await identity.isDone()))
        throw new Conflict('write_conflict')
      return false
    }
  })
}

const applyOnce = async (
  deps: CommandDeps,
  line: ImportLine,
  { identity, importedBy, correlationId }: LineOrigin & { identity: Identity },
): Promise<boolean> => {
  const importedAt = deps.now()
  if (line.at > importedAt) throw new Refusal('future_instant', {}, '#/at')
  const { commandId, digestOf } = identity
  const act: Act = {
    actor: { id: line.actor.id, roles: [line.actor.role], anyUnit: true },
    now: line.at,
    commandId,
    correlationId,
    imported: true,
    importedBy,
    importedAt,
  }
  if (isCareLine(line)) {
    await recordCareLine(deps, line, { ...act, digestOf })
    return true
  }
  if (line.command !== 'register') return actLine(deps, line, { ...act, requestDigest: digestOf('') })
  await register(deps, line, { ...act, digestOf })
  return true
}
