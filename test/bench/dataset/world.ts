/** What the acts of the bench's log share, and what they know of a ticket. */
import type { SealedText } from '../../../domain/sealed.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { DemoDealer } from '../../../src/demo/network.ts'
import type { DemoPerson } from '../../../src/demo/people.ts'
import type { Random } from '../../../src/demo/random.ts'
import type { Recorder } from './recorder.ts'

export type World = {
  random: Random
  record: Recorder
  seal(subject: SubjectId, value: unknown): SealedText
  createSubject(): SubjectId
  /** Takes a life in, which goes on at its `at`. */
  begin(life: Life): void
  /** Registrations so far. */
  registered: number
  /** The numbers of its tickets. */
  taken: Set<string>
  /** Which of several logs that become one. */
  share: number
}

export type Life = {
  ticketNo: string
  subjectId: SubjectId
  who: { person: DemoPerson; dealer: DemoDealer }
  ticket: Ticket
  /** Epoch ms of what happens next. */
  at: number
  next: Act
  /** What happens on the way, in each state; the last first. */
  waiting: Act[]
  working: Act[]
  afterwards: Act[]
  /** Nobody ever answers or closes it, attends to its warnings; it becomes a C ticket. */
  fate: { forgotten: boolean; unattended: boolean; converted: boolean }
  /** A second ticket on the same complaint. */
  twin: Life | null
}

/** One thing that happens in a ticket's life. */
export type Act = (world: World, life: Life) => void
