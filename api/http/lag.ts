import type { Position } from '../../domain/eventStore.ts'

/** How many events lie between two positions, where they are numbers. */
export const lagOf = (position: Position | null, head: Position | null | undefined): number | null => {
  const [from, to] = [position ?? '0', head ?? '0']
  return /^\d+$/.test(from) && /^\d+$/.test(to) ? Math.max(0, Number(to) - Number(from)) : null
}
