/** A page of rows in an order, of which one more than asked for was read: it only says whether there is another page. */
import type { Keyset } from './tickets/ticketPage.ts'

/** `key`: the value of the row that the page is ordered by, before the id. */
export const pageOf = <Row extends { id: number }, Item>(
  found: readonly Row[],
  limit: number,
  { view, key }: { view: (row: Row) => Item; key: (row: Row) => number },
): { items: Item[]; next: Keyset | null } => {
  const shown = found.slice(0, limit)
  const last = found.length > limit ? shown.at(-1) : undefined
  return { items: shown.map(view), next: last === undefined ? null : { key: key(last), id: last.id } }
}
