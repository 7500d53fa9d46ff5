/** Reading one's own writes: `X-Position` tells where a write is, `X-Min-Position` asks for a view that has it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventStore, Position } from '../../domain/eventStore.ts'
import type { ViewStatus } from '../../projections/views.ts'
import type { CommandViews, ViewName } from '../commands/deps.ts'
import type { Deps } from './deps.ts'
import { invalidHeader, Problem } from './problems.ts'

/** How long a read waits for its view before it answers 503. */
const timeoutMs = 800

/** Says in `X-Position` where a write is; a write that had nothing to do in an empty log has no place. */
export const sendPosition = (reply: FastifyReply, position: Position | null): void => {
  if (position !== null) reply.header('x-position', position)
}

type Waits = {
  store: Pick<EventStore, 'comparePositions'>
  views: Pick<CommandViews, 'reached' | 'status'>
}

/**
 * Refuses to read a view that has stopped or is being built, and all while starting: it is not the truth yet. `names` left out are
 * the views that commands read.
 * @throws Problem `view_rebuilding`
 */
export const requireReady = (
  { views, phase }: Pick<Waits, 'views'> & Pick<Deps, 'phase'>,
  names: readonly ViewName[] | undefined,
): void => {
  const needed = ({ name, readByCommands }: ViewStatus) => names?.includes(name) ?? readByCommands
  const isThere = views.status().every((view) => view.state === 'ready' || !needed(view))
  if (isThere && phase?.() !== 'starting') return
  throw new Problem('view_rebuilding')
}

/**
 * Waits until the views have reached the request's `X-Min-Position`, where it has one.
 * @throws Problem `view_behind` after 800 ms, `invalid_request` where it is no position of this store.
 */
export const awaitMinPosition = async (
  { store, views }: Waits,
  request: FastifyRequest,
  names: readonly ViewName[] | undefined,
): Promise<void> => {
  const position = request.headers['x-min-position']
  if (position === undefined) return
  if (typeof position !== 'string' || !isPosition(store, position)) {
    throw invalidHeader('X-Min-Position', {
      en: 'must be a value of X-Position.',
      zh: '应为 X-Position 返回的值。',
    })
  }
  if (!(await views.reached(position, timeoutMs, names))) {
    throw new Problem('view_behind')
  }
}

/** Only the engine knows what its positions look like, and says so by throwing. */
export const isPosition = (store: Pick<EventStore, 'comparePositions'>, text: string): boolean => {
  try {
    return Number.isFinite(store.comparePositions(text, text))
  } catch {
    return false
  }
}

/**
 * A position that a caller reads on from. What the store cannot read from is refused here: where it fails in the
 * middle, it looks as if the store were away.
 * @throws Problem `position_unknown` where the log has no such position; what `malformed` says where it is none.
 */
export const requirePosition = async (
  { store }: Pick<Deps, 'store'>,
  text: string,
  malformed: () => Problem,
): Promise<Position> => {
  if (!isPosition(store, text)) throw malformed()
  const head = await store.head()
  if (head === null || store.comparePositions(text, head) > 0) throw new Problem('position_unknown')
  if (store.canReadFrom !== undefined && !(await store.canReadFrom(text)))
    throw new Problem('position_unknown')
  return text
}
