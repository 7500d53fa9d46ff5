/** Handovers, visits and calls (rulebook §15): what is locked, sealed and appended. */
import {
  type CareEvent,
  handoverOfTask,
  type TaskId,
  type VehicleId,
  vehicleOfHandover,
} from '../../../domain/care/events.ts'
import { type CareVehicle, type Plan, planOfTask } from '../../../domain/care/state.ts'
import { type CareCommand, vehicleAggregate } from '../../../domain/care/vehicle.ts'
import type { NewEvent, Position } from '../../../domain/eventStore.ts'
import type { Instant } from '../../../domain/instant.ts'
import { isBlank } from '../../../domain/plainText.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { stampAfter } from '../../../domain/stamp.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import { noCustomer, noVehicle } from '../../../domain/ticket/person.ts'
import { type Act, speakingOf } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { type FoldedStream, readFound } from '../folded.ts'
import { handle } from '../handle.ts'
import { commandOf, subjectFor, withCustomers, withSubject } from '../tickets/customerQueue.ts'
import { toSeal } from '../tickets/personal.ts'
import type { AttemptBody, HandoverBody, VisitBody } from './bodies.ts'

/** A vehicle after an act, and where the act is in the log. */
export type CareDone = {
  vehicleId: VehicleId
  vehicle: CareVehicle
  version: number
  position: Position | null
  events: NewEvent<CareEvent>[]
}

/** What a write rests on beside its command: scope, `If-Match`. */
export type CareGuards = { before(found: FoldedStream<CareVehicle>): void; once: boolean }

export const readVehicle = (
  deps: Pick<CommandDeps, 'store' | 'folded'>,
  vehicleId: VehicleId,
): Promise<FoldedStream<CareVehicle>> => readFound(deps, vehicleAggregate, vehicleId)

/** After a small step back of the clock facts do not go backwards; an import keeps its line's instant. */
const stamp =
  (act: Act) =>
  (vehicle: CareVehicle | null): Instant =>
    vehicle === null || act.imported ? act.now : stampAfter(act.now, vehicle.lastAt)

export const giveVehicle = async (
  deps: CommandDeps,
  vehicleId: VehicleId,
  make: (vehicle: CareVehicle | null, now: Instant) => CareCommand | Promise<CareCommand>,
  { act, guards }: { act: Act; guards?: CareGuards },
): Promise<CareDone> => {
  const { state, version, position, events } = await handle(deps, vehicleAggregate, vehicleId, {
    act,
    once: guards?.once ?? false,
    ...(guards && { before: guards.before }),
    at: stamp(act),
    command: ({ state: found }, now) => make(found, now),
  })
  return { vehicleId, vehicle: state as CareVehicle, version, position, events }
}

/** A vehicle that nothing is known of gets an id that says nothing of it. */
export const newVehicleId = ({ commandId }: Pick<Act, 'commandId'>): VehicleId =>
  commandId.replaceAll('-', '')

/** The vehicle with that VIN, else a new one; the caller holds the VIN's lock. */
const vehicleFor = (deps: CommandDeps, vinHash: Uint8Array | null, act: Act) => {
  const [known] = vinHash === null ? [] : deps.views.care.vehiclesOf(vinHash)
  return { vehicleId: known ?? newVehicleId(act), isKnown: known !== undefined }
}

const personOfHandover = ({ customer, vin, plateNo, model, salesConsultant }: HandoverBody) => ({
  customer,
  vehicle: { ...noVehicle, vin, plateNo, model, salesConsultant },
})

/**
 * Records a handover, while nothing else of the same customer, vehicle or external number is recorded.
 * @throws Refusal `handover_external_no_taken`, `unknown_dealer`, `future_instant`, `not_this_dealer`, `desk_closed`
 */
export const recordHandover = (deps: CommandDeps, body: HandoverBody, act: Act): Promise<CareDone> => {
  const { externalNo, dealerCode: dealer, handedOverAt, insuranceEndsOn } = body
  const person = personOfHandover(body)
  const ofNumber = externalNo === null ? null : `handover ${externalNo}`
  return withCustomers(deps, { person, externalNo: ofNumber, command: commandOf(act) }, async (hashes) => {
    const taken = externalNo === null ? null : deps.views.care.handoverByExternalNo(externalNo)
    if (taken !== null)
      throw new Refusal(
        'handover_external_no_taken',
        { externalNo: externalNo as string, handoverId: taken.handoverId },
        '#/externalNo',
      )
    const subjectId = await subjectFor(deps, {}, hashes)
    const { vehicleId } = vehicleFor(deps, hashes.vin, act)
    const command = {
      type: 'RecordHandover' as const,
      vehicleId,
      externalNo,
      subjectId,
      dealer,
      handedOverAt,
      insuranceEndsOn,
      customer: deps.sealing.seal(subjectId, toSeal(person)),
      plannedFrom: act.importedAt ?? null,
    }
    return giveVehicle(deps, vehicleId, () => command, { act: speakingOf(act, subjectId) })
  })
}

/**
 * Records a visit; of a vehicle that is not known too, for it may be handed over later in the log.
 * @throws Refusal `unknown_dealer`, `future_instant`, `not_this_dealer`, `desk_closed`
 */
export const recordVisit = (deps: CommandDeps, body: VisitBody, act: Act): Promise<CareDone> => {
  const { vin, dealerCode: dealer, visitedAt, kind, mileageKm } = body
  const person = { customer: noCustomer, vehicle: { ...noVehicle, vin } }
  return withCustomers(deps, { person, externalNo: null, command: commandOf(act) }, async (hashes) => {
    const { vehicleId, isKnown } = vehicleFor(deps, hashes.vin, act)
    const subjectId = isKnown ? null : await deps.subjects.create()
    const customer = subjectId === null ? null : deps.sealing.seal(subjectId, toSeal(person))
    const plannedFrom = act.importedAt ?? null
    const visit = { dealer, visitedAt, kind, mileageKm, subjectId, customer, plannedFrom }
    // the digest of a repeated write speaks of nobody: the VIN is in no event of a known vehicle
    const known = act.digestOf === undefined ? act : { ...act, requestDigest: act.digestOf(null as never) }
    return giveVehicle(deps, vehicleId, () => ({ type: 'RecordVisit', ...visit }), { act: known })
  })
}

/** The handover of a task. @throws Refusal `care_task_not_found` */
export const planFor = async (
  deps: Pick<CommandDeps, 'store' | 'folded'>,
  taskId: TaskId,
): Promise<{ vehicleId: VehicleId; vehicle: CareVehicle; plan: Plan; version: number }> => {
  const vehicleId = vehicleOfHandover(handoverOfTask(taskId))
  const { state, version } = await readVehicle(deps, vehicleId)
  const plan = state === null ? undefined : planOfTask(state, taskId)
  if (state === null || plan === undefined) throw new Refusal('care_task_not_found', { taskId })
  return { vehicleId, vehicle: state, plan, version }
}

export const isErased = (
  { views, subjects }: Pick<CommandDeps, 'views' | 'subjects'>,
  subjectId: SubjectId,
): boolean => views.subjects.isErased(subjectId) || subjects.get(subjectId) === null

/**
 * Records a call, while the customer is not being erased.
 * @throws Refusal `care_task_not_found`, `care_task_not_open`, `care_task_ended`, …
 */
export const recordAttempt = async (
  deps: CommandDeps,
  taskId: TaskId,
  body: AttemptBody,
  { act, guards }: { act: Act; guards: CareGuards },
): Promise<CareDone> => {
  const { plan, vehicleId } = await planFor(deps, taskId)
  const { subjectId } = plan
  const { product, service, other, calledAt, ...call } = body
  const given = Object.fromEntries(
    Object.entries({ product, service, other }).filter(([, value]) => value !== null && !isBlank(value)),
  )
  const hasFeedback = Object.keys(given).length > 0
  return withSubject(deps, subjectId, [], () =>
    giveVehicle(
      deps,
      vehicleId,
      (_, now) => ({
        type: 'RecordAttempt',
        taskId,
        ...call,
        calledAt: calledAt ?? now,
        text: hasFeedback ? deps.sealing.seal(subjectId, given) : null,
        hasFeedback,
        isErased: isErased(deps, subjectId),
      }),
      { act, guards },
    ),
  )
}

/** Dismisses what is on the triage list. @throws Refusal `care_not_in_triage`, `care_task_not_found` */
export const dismissTask = async (
  deps: CommandDeps,
  taskId: TaskId,
  reason: string,
  { act, guards }: { act: Act; guards: CareGuards },
): Promise<CareDone> => {
  const { plan, vehicleId } = await planFor(deps, taskId)
  const { subjectId } = plan
  return withSubject(deps, subjectId, [], () =>
    giveVehicle(
      deps,
      vehicleId,
      () => ({
        type: 'DismissTask',
        taskId,
        text: deps.sealing.seal(subjectId, { reason }),
        isErased: isErased(deps, subjectId),
      }),
      { act, guards },
    ),
  )
}
