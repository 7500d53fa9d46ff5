/** What comes next in a ticket's life, and when. Most are answered and closed in time. */
import { HOUR, MINUTE, toEpoch } from '../../../domain/instant.ts'
import { currentAssignment, isOver } from '../../../domain/ticket/state.ts'
import { absorb, attend, close, convert, openWarning, respond } from './acts.ts'
import type { Act, Life, World } from './world.ts'

const minutes = ({ random }: World, from: number, to: number): number =>
  random.int(from * MINUTE, to * MINUTE)
const hours = ({ random }: World, from: number, to: number): number => random.int(from * HOUR, to * HOUR)

type Step = { act: Act; after: number }

const whileUnhandled = (world: World, life: Life): Step | null => {
  if (life.twin !== null) return { act: absorb, after: minutes(world, 5, 90) }
  const act = life.waiting.pop()
  if (act !== undefined) return { act, after: minutes(world, 2, 50) }
  if (life.fate.forgotten) return null
  return { act: respond, after: world.random.chance(0.85) ? minutes(world, 3, 90) : hours(world, 3, 40) }
}

const whileInProgress = (world: World, life: Life): Step | null => {
  const act = life.working.pop()
  if (act !== undefined) return { act, after: minutes(world, 20, 900) }
  if (life.fate.forgotten) return null
  const { closeDueAt } = currentAssignment(life.ticket).clocks
  if (life.fate.converted && life.ticket.level === 'B' && closeDueAt !== null)
    return { act: convert, after: Math.max(0, toEpoch(closeDueAt) - life.at) + minutes(world, 1, 600) }
  return { act: close, after: world.random.chance(0.88) ? hours(world, 1, 25) : hours(world, 60, 240) }
}

const nextOf = (world: World, life: Life): Step | null => {
  const { ticket } = life
  if (isOver(ticket)) return null
  if (!life.fate.unattended && openWarning(life) !== undefined)
    return { act: attend, after: minutes(world, 4, 150) }
  if (ticket.state === 'unhandled') return whileUnhandled(world, life)
  if (ticket.state === 'in_progress') return whileInProgress(world, life)
  const act = life.afterwards.pop()
  return act === undefined ? null : { act, after: hours(world, 16, 100) }
}

/** Lets the life go on to its next act, where there is one. */
export const goOn = (world: World, life: Life): void => {
  const step = nextOf(world, life)
  if (step === null) return
  life.next = step.act
  life.at += step.after
  world.begin(life)
}
