/** Handovers and visits among the lines of an import (rulebook §15). */
import type { CareEvent, VehicleId } from '../../../domain/care/events.ts'
import { givenHashes, vinKey } from '../../../domain/customerKeys.ts'
import { requireDesk } from '../../../domain/desk.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import { noVehicle } from '../../../domain/ticket/person.ts'
import type { Act } from '../act.ts'
import { canonicalJson } from '../canonicalJson.ts'
import { newVehicleId, recordHandover, recordVisit } from '../care/care.ts'
import { commandIdOf } from '../commandId.ts'
import type { CommandDeps, CommandRow } from '../deps.ts'
import { hashesOfPerson } from '../tickets/customer.ts'
import { readerOf } from '../tickets/personal.ts'
import type { Identity } from './identity.ts'
import type { CareLine } from './lines.ts'

type LineOf<C extends CareLine['command']> = Extract<CareLine, { command: C }>

const reused = (ref: string): Refusal => new Refusal('ref_reused', { ref }, '#/ref')

/** A line that was applied. */
type AppliedCommand = Omit<CommandRow, 'commandId'>

const subjectOfHandover = async (deps: CommandDeps, { stream, fromVersion }: AppliedCommand) => {
  const [event] = eventsOf<CareEvent & { type: CareEvent['type'] }>(
    await deps.store.readStream(stream, fromVersion - 1),
  )
  return event?.type === 'VehicleHandedOver' ? (event.data as { subjectId: string }).subjectId : null
}

const commandOfHandover = (ref: string): string => commandIdOf('import handover', ref)

/** The id of a vehicle that became known by the handover with that number in an import. */
export const vehicleOfImport = (ref: string): VehicleId => newVehicleId({ commandId: commandOfHandover(ref) })

/** A handover is known by its number; its data must be the same again. */
const identityOfHandover = (deps: CommandDeps, { ref }: LineOf<'handover'>, canonical: string): Identity => {
  const commandId = commandOfHandover(ref)
  return {
    commandId,
    digestOf: (subject) => deps.sealing.requestDigest(subject, canonical) as string,
    isDone: async () => {
      const [row] = deps.views.commands.find(commandId)
      if (row === undefined) {
        if (deps.views.care.handoverByExternalNo(ref) !== null) throw reused(ref)
        return false
      }
      const subject = await subjectOfHandover(deps, row)
      const digest = subject === null ? null : deps.sealing.requestDigest(subject, canonical)
      // of an erased customer nobody can tell any more whether it is the same line
      if (digest !== null && row.digest !== digest) throw reused(ref)
      return true
    },
  }
}

/** Whether the vehicle of a visit is the one with that VIN, as far as anybody can still read it. */
const isVehicleOf = async ({ store, sealing }: CommandDeps, { stream }: AppliedCommand, vin: string) => {
  const reader = readerOf(sealing, true)
  const vins = eventsOf<CareEvent & { type: CareEvent['type'] }>(await store.readStream(stream)).flatMap(
    ({ data }) => {
      const { customer = null } = data as { customer?: SealedText | null }
      return (customer === null ? null : reader.person(customer).vehicle.vin) ?? []
    },
  )
  return vins.length === 0 || vins.some((known) => vinKey(known) === vinKey(vin))
}

/**
 * A visit is known by its number, or by all it says where its `ref` is the number of a handover. The VIN is in no digest,
 * for a visit speaks of no subject whose key would be destroyed with it.
 */
const identityOfVisit = (deps: CommandDeps, line: LineOf<'visit'>): Identity => {
  const { ref, data } = line
  const { vin, ...rest } = data
  const digest = deps.sealing.requestDigest(null, canonicalJson({ ...line, data: rest })) as string
  const byRef = commandIdOf('import visit', ref)
  const byContent = commandIdOf('import visit', ref, digest)
  const rowOf = (commandId: string): AppliedCommand | undefined => deps.views.commands.find(commandId)[0]
  const isSame = async (row: AppliedCommand | undefined): Promise<boolean> => {
    if (row === undefined || row.digest !== digest) return false
    if (!(await isVehicleOf(deps, row, vin))) throw reused(ref)
    return true
  }
  const isOfHandover = deps.views.care.handoverByExternalNo(ref) !== null
  return {
    commandId: isOfHandover ? byContent : byRef,
    digestOf: () => digest,
    isDone: async () => {
      const known = rowOf(byRef)
      if ((await isSame(known)) || (await isSame(rowOf(byContent)))) return true
      if (known !== undefined && !isOfHandover) throw reused(ref)
      return false
    },
  }
}

/** What a line of the care desk is known by. */
export const identityOfCare = (deps: CommandDeps, line: CareLine, canonical: string): Identity =>
  line.command === 'handover' ? identityOfHandover(deps, line, canonical) : identityOfVisit(deps, line)

/** Records what the line says; a handover gets the line's `ref` as its external number. @throws Refusal */
export const recordCareLine = async (deps: CommandDeps, line: CareLine, act: Act): Promise<void> => {
  // the desk of now, not that of the line's time
  requireDesk(deps.views.master.at(deps.now()).policy.values, 'care')
  if (line.command === 'handover') await recordHandover(deps, { ...line.data, externalNo: line.ref }, act)
  else await recordVisit(deps, line.data, act)
}

/** Whom and which vehicle a line is about: lines that share any run in file order. */
export const hashesOfCareLine = (deps: CommandDeps, line: CareLine): Uint8Array[] => {
  if (line.command === 'visit') {
    const key = vinKey(line.data.vin)
    return key === null ? [] : [deps.sealing.lookupHash('vin', key)]
  }
  const { customer, vin } = line.data
  return givenHashes(hashesOfPerson(deps, { customer, vehicle: { ...noVehicle, vin } }))
}
