/** What happens at the desks beside complaints, each as one step, before anything is sent. */
import type { Who } from './client.ts'
import type { HistoryLine } from './story.ts'

/** `about`: the car, the dealer, the inquiry; steps about the same are taken one after the other. */
type StepFacts = { at: number; about: string }

/** A line of an import: a handover, a visit, or one of a ticket, which is then known by its number. */
export type LineStep = StepFacts & { line: HistoryLine }

/** What answers name, and the steps after them may name as `{ticketNo}` in their path or body. */
export type StepId = 'ticketNo' | 'inquiryNo' | 'requestId' | 'contactId' | 'objectionId'

/**
 * A call of the API. A `StepId` in braces in its path or body is what the last answer about the same named. A step of a
 * ticket is left out where the steps before came to none.
 */
export type CallStep = StepFacts & { who: Who; path: string; body: object }

/** `at`: epoch ms. */
export type DeskStep = LineStep | CallStep

/** In order of time; steps of the same instant stay in the order they were told in. */
export const inOrder = <S extends DeskStep>(steps: readonly S[]): S[] => steps.toSorted((a, b) => a.at - b.at)

/** HQ research, which sends what customers said. */
export const hq: Who = { sub: 'demo-hq_sales', roles: ['hq_sales'] }
