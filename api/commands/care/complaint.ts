/**
 * A dissatisfied customer whose call becomes a complaint (rulebook §15), in three appends as an inquiry's does: the task
 * says so, the complaint is taken in like any other, the task names the ticket. What a crash left is completed.
 */

import { actingRole } from '../../../domain/authority.ts'
import { type CareDataOf, type TaskId, vehicleOfStream } from '../../../domain/care/events.ts'
import { type CareVehicle, type Plan, planOfTask, type TaskRecord } from '../../../domain/care/state.ts'
import { tasksOfPlan } from '../../../domain/care/tasks.ts'
import { type CustomerHashes, givenHashes } from '../../../domain/customerKeys.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { Person } from '../../../domain/ticket/person.ts'
import type { OpenFollowUp } from '../../../projections/followUps.ts'
import type { Act } from '../act.ts'
import { commandIdOf } from '../commandId.ts'
import type { CommandDeps } from '../deps.ts'
import { requireAskedCategory, takeAsked } from '../tickets/askedComplaint.ts'
import { hashesOfPerson } from '../tickets/customer.ts'
import { withSubject } from '../tickets/customerQueue.ts'
import { type IncomingComplaint, requireTakeable } from '../tickets/matchComplaint.ts'
import { readerOf } from '../tickets/personal.ts'
import { actAgain } from '../tickets/twoTickets.ts'
import { type CareDone, type CareGuards, giveVehicle, isErased, planFor } from './care.ts'

type CareComplaintData = CareDataOf<'CareBecameComplaint'>

/** The first half as it is in the log. */
type First = { event: { id: string; data: CareComplaintData }; act: Act }

/** The id of the complaint's command; the same whoever takes it in, so doing it twice is doing it once. */
export const careComplaintId = (commandId: string, taskId: TaskId): string =>
  commandIdOf(commandId, taskId, 'complaint')

const feedbackFields = ['product', 'service', 'other'] as const

/** The feedback of a call as one text. */
const contentOf = (deps: Pick<CommandDeps, 'sealing'>, { attempts }: TaskRecord): string => {
  const asked = attempts.find(({ triageDueAt }) => triageDueAt !== null)
  const text = readerOf(deps.sealing, true).text(asked?.text ?? null)
  return feedbackFields.flatMap((field) => text[field] ?? []).join('\n')
}

/** @throws Refusal `care_not_in_triage` where the customer was erased */
const complaintOf = (
  deps: CommandDeps,
  { plan, vehicle, person }: { plan: Plan; vehicle: CareVehicle; person: Person },
  { taskId, category, flags, sameProblemAs }: CareComplaintData,
): IncomingComplaint & { subjectId: SubjectId } => {
  const content = contentOf(deps, vehicle.records[taskId] as TaskRecord)
  if (isErased(deps, plan.subjectId) || content === '') throw new Refusal('care_not_in_triage', { taskId })
  // of a call after a repair the dealer that repaired
  const task = tasksOfPlan(vehicle, plan, vehicle.lastAt).find((each) => each.taskId === taskId)
  return {
    channel: 'phone',
    source: null,
    category,
    dealerCode: task?.dealer ?? plan.dealer,
    person,
    flags,
    sameProblemAs,
    externalNo: null,
    receivedAt: null,
    weight: {},
    subjectId: plan.subjectId,
    customer: () => plan.customer,
    text: (subject) => deps.sealing.seal(subject, { content, initialCause: null }),
  }
}

/** Holds the customer, also one whom nothing finds. */
const withCustomerOf = async <T>(
  deps: CommandDeps,
  taskId: TaskId,
  work: (known: { plan: Plan; person: Person; vehicleId: string; hashes: CustomerHashes }) => Promise<T>,
): Promise<T> => {
  const { plan, vehicleId } = await planFor(deps, taskId)
  const person = readerOf(deps.sealing, true).person(plan.customer)
  const hashes = hashesOfPerson(deps, person)
  return withSubject(deps, plan.subjectId, [person], () => work({ plan, person, vehicleId, hashes }))
}

const second = ({ event, act }: First, what: string): Act => ({
  ...act,
  commandId: commandIdOf(act.commandId, event.data.taskId, what),
  causationId: event.id,
})

/**
 * Takes the complaint in and names its ticket; the caller holds the customer.
 * @throws Refusal, after the task is on the triage list again; StoreUnavailable, Conflict: the second half is pending still
 */
const settle = async (deps: CommandDeps, first: First, hashes: CustomerHashes): Promise<CareDone> => {
  const { event, act } = first
  const { taskId } = event.data
  const { plan, vehicle, vehicleId } = await planFor(deps, taskId)
  const complaint = () => {
    const person = readerOf(deps.sealing, true).person(plan.customer)
    return complaintOf(deps, { plan, vehicle, person }, event.data)
  }
  const named = await takeAsked(deps, complaint, {
    act: { ...act, commandId: careComplaintId(act.commandId, taskId), causationId: event.id },
    hashes,
    reopen: (refused) =>
      giveVehicle(deps, vehicleId, () => ({ type: 'ReopenTask', taskId, refused }), {
        act: second(first, 'reopen'),
      }),
  })
  return giveVehicle(deps, vehicleId, () => ({ type: 'NameTicket', taskId, ...named }), {
    act: second(first, 'name'),
  })
}

/**
 * Makes a complaint of what is on the triage list. What would be refused is refused before the task changes, where that
 * can be known.
 * @throws Refusal of the task or of the intake; Conflict
 */
export const complainOfTask = (
  deps: CommandDeps,
  asked: CareComplaintData,
  { act, guards }: { act: Act; guards: CareGuards },
): Promise<CareDone> => {
  actingRole(act.actor, 'judge_care')
  return withCustomerOf(deps, asked.taskId, async ({ plan, person, vehicleId, hashes }) => {
    const command = { type: 'BecomeComplaint' as const, ...asked, isErased: isErased(deps, plan.subjectId) }
    const make = async (current: CareVehicle | null) => {
      const record = current?.records[asked.taskId]
      const isOpen = record?.attempts.some(({ triageDueAt }) => triageDueAt !== null)
      // one that is not on the list the domain refuses
      if (current && isOpen && !record?.dismissed && !record?.complaint && !command.isErased) {
        requireAskedCategory(asked, act.actor)
        const ofCustomer = deps.views.customers.ticketsOf(givenHashes(hashes))
        const known = { plan: planOfTask(current, asked.taskId) as Plan, vehicle: current, person }
        await requireTakeable(deps, complaintOf(deps, known, asked), act, ofCustomer)
      }
      return command
    }
    const { events } = await giveVehicle(deps, vehicleId, make, { act, guards })
    const [event] = events as [(typeof events)[number] & { data: CareComplaintData }]
    return settle(deps, { event, act }, hashes)
  })
}

/**
 * Completes what a crash or a store that did not answer left pending.
 * @throws Refusal, after the task is on the triage list again; StoreUnavailable, Conflict
 */
export const completeCare = async (deps: CommandDeps, open: OpenFollowUp): Promise<void> => {
  if (vehicleOfStream(open.stream) === null) return
  const [event] = eventsOf(await deps.store.readStream(open.stream, open.version - 1))
  if (event === undefined) return
  const { id, metadata } = event
  const data = event.data as CareComplaintData
  await withCustomerOf(deps, data.taskId, async ({ hashes }) => {
    if (!deps.views.followUps.isOpen(id)) return
    await settle(deps, { event: { id, data }, act: actAgain(metadata) }, hashes)
  })
}
