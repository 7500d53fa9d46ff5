/** Reading one's own writes: `X-Position` tells where a write is, `X-Min-Position` asks for a view that has it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventStore, Position } from '../domain/eventStore.ts'
import { invalidHeader, Problem } from './problems.ts'

/** How long a read waits for its view before it answers 503. */
export const patienceMs = 800

/** Says in `X-Position` where a write is; a write that had nothing to do in an empty log has no place. */
export const sendPosition = (reply: FastifyReply, position: Position | null): void => {
  if (position !== null) reply.header('x-position', position)
}

type Waits = {
  store: Pick<EventStore, 'comparePositions'>
  views: { reached(position: Position, timeoutMs: number): Promise<boolean> }
}

/**
 * Waits until the views have reached the request's `X-Min-Position`, where it has one.
 * @throws Problem `view_behind` after 800 ms, `invalid_request` where it is no position of this store.
 */
export const awaitMinPosition = async ({ store, views }: Waits, request: FastifyRequest): Promise<void> => {
  const position = request.headers['x-min-position']
  if (position === undefined) return
  if (typeof position !== 'string' || !isPosition(store, position)) {
    throw invalidHeader('X-Min-Position', {
      en: 'must be a value of X-Position.',
      zh: '应为 X-Position 返回的值。',
    })
  }
  if (!(await views.reached(position, patienceMs))) {
    throw new Problem('view_behind', { headers: { 'retry-after': '1' } })
  }
}

/** Only the engine knows what its positions look like, and says so by throwing. */
const isPosition = (store: Pick<EventStore, 'comparePositions'>, text: string): boolean => {
  try {
    return Number.isFinite(store.comparePositions(text, text))
  } catch {
    return false
  }
}
