/**
 * The events of the streams `vehicle-<vehicleId>` (rulebook §15): handovers, visits, and what came of the calls. All of
 * one vehicle is one stream, so that an act is judged on everything it depends on, with one version.
 */
import { z } from 'zod'
import { flagSchema } from '../codes.ts'
import { daySchema, instantSchema } from '../instant.ts'
import { refusedSchema } from '../recordedRefusal.ts'
import { sealedSchema } from '../sealed.ts'
import { idOfStream } from '../streams.ts'
import { categorySchema } from '../ticket/routing.ts'
import { unitCodeSchema } from '../unitCode.ts'
import { attemptResultSchema, careOutcomeSchema, visitKindSchema } from './codes.ts'

/** 32 hexadecimal digits; the VIN is in no name, for names outlive erasure. */
export type VehicleId = string
/** `<vehicleId>-<n>`: the n-th handover that was recorded of the vehicle. */
export type HandoverId = string
/** `<handoverId>.<kind>`, of a kind that comes again `….<n>`. */
export type TaskId = string

export const handoverIdSchema = z.string().regex(/^[0-9a-f]{32}-[1-9]\d{0,3}$/)
export const taskIdSchema = z.string().regex(/^[0-9a-f]{32}-[1-9]\d{0,3}\.[a-z0-9_]{1,30}(\.[1-9]\d{0,3})?$/)

export const mileageSchema = z.int().min(0).max(10_000_000)

export const careEventData = {
  VehicleHandedOver: z.strictObject({
    handoverId: handoverIdSchema,
    externalNo: z.string().nullable(),
    subjectId: z.string(),
    dealer: unitCodeSchema,
    /** That of the dealer when it was recorded. */
    rbo: unitCodeSchema,
    handedOverAt: instantSchema,
    insuranceEndsOn: daySchema.nullable(),
    /** Customer and vehicle. */
    customer: sealedSchema,
    /** Frozen: what differs from the rulebook's numbers, see `rules.ts`. */
    rules: z.record(z.string(), z.unknown()),
    /** Of an import: what was due by then is not planned, for nobody could have done it. */
    plannedFrom: instantSchema.nullable(),
  }),
  VisitRecorded: z.strictObject({
    dealer: unitCodeSchema,
    rbo: unitCodeSchema,
    visitedAt: instantSchema,
    kind: visitKindSchema,
    mileageKm: mileageSchema.nullable(),
    /** Frozen; `null`: no call after a repair. */
    afterRepairDays: z.int().nullable(),
    /** The VIN, of a vehicle that was not known: sealed for a subject of its own. */
    customer: sealedSchema.nullable(),
    subjectId: z.string().nullable(),
  }),
  CareAttempted: z.strictObject({
    taskId: taskIdSchema,
    result: attemptResultSchema,
    outcome: careOutcomeSchema.nullable(),
    calledAt: instantSchema,
    mileageKm: mileageSchema.nullable(),
    firstServiceOn: daySchema.nullable(),
    /** `product`, `service`, `other`. */
    text: sealedSchema.nullable(),
    /** Set where the CSC must judge it: by then. */
    triageDueAt: instantSchema.nullable(),
  }),
  CareDismissed: z.strictObject({ taskId: taskIdSchema, text: sealedSchema }),
  /** First half of an act on two streams: the complaint is taken in next, as these fields say. */
  CareBecameComplaint: z.strictObject({
    taskId: taskIdSchema,
    category: categorySchema,
    flags: z.array(flagSchema),
    sameProblemAs: z.string().nullable(),
  }),
  /** Its end: the ticket that it was registered as, or logged on. */
  CareTicketNamed: z.strictObject({
    taskId: taskIdSchema,
    ticketNo: z.string(),
    outcome: z.enum(['registered', 'escalated', 'contact_logged']),
  }),
  /** The complaint was refused: the task is to be judged again. */
  CareReopened: z.strictObject({
    taskId: taskIdSchema,
    refused: refusedSchema,
  }),
}

type Data = typeof careEventData
export type CareEventType = keyof Data
export type CareDataOf<T extends CareEventType> = z.infer<Data[T]>
export type CareEvent = { [T in CareEventType]: { type: T; data: CareDataOf<T> } }[CareEventType]

const prefix = 'vehicle-'
export const vehicleStream = (vehicleId: VehicleId): string => prefix + vehicleId

/** The vehicle that a stream is about; `null`: it is about something else. */
export const vehicleOfStream = (stream: string): VehicleId | null => idOfStream(prefix, stream)

export const vehicleOfHandover = (handoverId: HandoverId): VehicleId => handoverId.slice(0, 32)
export const handoverOfTask = (taskId: TaskId): HandoverId => taskId.slice(0, taskId.indexOf('.'))
