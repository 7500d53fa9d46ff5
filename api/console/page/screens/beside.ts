/** What is open beside the screen: a ticket, or a sheet of customer voice. */
import { focusRowOf } from '../core/keys.ts'
import { go, route } from '../core/route.ts'

/** What it is called; `null`: nothing is open. */
export const besideName = (): string | null => route.value.ticketNo ?? route.value.sheetId

/** Closes it; the focus returns to its row. Returns whether anything was open. */
export const closeBeside = (): boolean => {
  const { ticketNo, sheetId } = route.peek()
  const name = ticketNo ?? sheetId
  if (name === null) return false
  go({})
  requestAnimationFrame(() => focusRowOf(name))
  return true
}
