/** What happens at the care desk and the customer-voice desk, each as one step, before anything is sent. */
import type { Who } from './client.ts'
import type { HistoryLine } from './story.ts'

/** `about`: the car or the dealer; steps about the same are taken one after the other. */
type StepFacts = { at: number; about: string }

/** A line of an import: a handover or a visit. */
export type LineStep = StepFacts & { line: HistoryLine }

/**
 * A call of the API. `{ticketNo}` in its path is the ticket that the last call about the same car came to; where it came to
 * none, the step is left out.
 */
export type CallStep = StepFacts & { who: Who; path: string; body: object }

/** `at`: epoch ms. */
export type DeskStep = LineStep | CallStep

/** In order of time; steps of the same instant stay in the order they were told in. */
export const inOrder = <S extends DeskStep>(steps: readonly S[]): S[] => steps.toSorted((a, b) => a.at - b.at)

/** HQ research, which sends what customers said. */
export const hq: Who = { sub: 'demo-hq_sales', roles: ['hq_sales'] }
