/** Applies one line of an import: the same rules as live, at the line's own time. */
import type { Actor } from '../../../domain/authority.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import { currentWarnings, type Ticket, type Warning } from '../../../domain/ticket/state.ts'
import { commandIdOf } from '../commandId.ts'
import type { CommandDeps } from '../deps.ts'
import { inCommandsTurn } from '../locks.ts'
import { actOn } from '../tickets/actOn.ts'
import type { ActName, BodyOf } from '../tickets/bodies.ts'
import { complaintOf } from '../tickets/complaint.ts'
import { type Act, execute } from '../tickets/execute.ts'
import { takeComplaint } from '../tickets/intake.ts'
import { warningCommand } from '../tickets/warningCommand.ts'
import { actOfCommand, type ImportLine } from './lines.ts'

/** The ticket a legacy number names, which may also be a number of our own. @throws Refusal `unknown_ticket` */
const ticketNamed = (deps: CommandDeps, name: string, pointer: string): TicketNo => {
  const { tickets } = deps.views
  const ticketNo = tickets.numberOf(name) ?? tickets.byNo(name)?.ticketNo
  if (ticketNo === undefined) throw new Refusal('unknown_ticket', { ticketNo: name }, pointer)
  return ticketNo
}

const register = async (
  deps: CommandDeps,
  line: ImportLine & { command: 'register' },
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
  line: Exclude<ImportLine, { command: 'register' }>,
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

/**
 * Applies a line. `digest` is the keyed digest of the line as it was sent: its command id derives from it, so that
 * identical lines are one act and repeating an import changes nothing.
 * @returns whether anything changed
 * @throws Refusal, Conflict
 */
export const applyLine = (
  deps: CommandDeps,
  line: ImportLine,
  digest: string,
  importedBy: string,
): Promise<boolean> => {
  const commandId = commandIdOf('import', digest)
  // another import may bring the same line at the same moment
  return deps.mutex.run([commandId], async () => {
    if (deps.views.commands.find(commandId).length > 0) return false
    return inCommandsTurn(deps, commandId, true, () =>
      applyOnce(deps, line, { commandId, digest, importedBy }),
    )
  })
}

type Applying = { commandId: string; digest: string; importedBy: string }

const applyOnce = async (
  deps: CommandDeps,
  line: ImportLine,
  { commandId, digest, importedBy }: Applying,
): Promise<boolean> => {
  if (deps.turns !== undefined && deps.views.commands.find(commandId).length > 0) return false
  if (line.at > deps.now()) throw new Refusal('future_instant', {}, '#/at')
  const actor: Actor = { id: line.actor.id, roles: [line.actor.role], anyUnit: true }
  const act: Act = {
    actor,
    now: line.at,
    commandId,
    correlationId: importedBy,
    requestDigest: digest,
    imported: true,
  }
  if (line.command !== 'register') return actLine(deps, line, act)
  await register(deps, line, act)
  return true
}
