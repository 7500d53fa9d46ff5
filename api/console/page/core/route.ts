/** The address of what is shown: `#/screen`, `#/screen/ticket number` or `#/screen/sheet/sheet id`. */
import { signal } from '@preact/signals'

/** `ticketNo`, `sheetId`: what is open beside the screen, one of them at most. */
export type Route = { screen: string | null; ticketNo: string | null; sheetId: string | null }

const sheetPart = 'sheet'

const parse = (hash: string): Route => {
  const [screen, ...beside] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
  const sheetId = beside[0] === sheetPart ? beside[1] || null : null
  return { screen: screen || null, ticketNo: sheetId === null ? beside[0] || null : null, sheetId }
}

export const route = signal<Route>(parse(location.hash))
addEventListener('hashchange', () => {
  route.value = parse(location.hash)
})

/** The link to a screen, or to a ticket or a sheet beside it. */
export const hrefOf = ({ screen, ticketNo, sheetId }: Partial<Route>): string =>
  `#/${[screen ?? '', ...(sheetId == null ? [ticketNo] : [sheetPart, sheetId])]
    .filter((part) => part != null)
    .map(encodeURIComponent)
    .join('/')}`

/** Shows that beside the screen; nothing of what was there before stays. */
export const go = (to: Partial<Route>): void => {
  location.hash = hrefOf({ screen: route.peek().screen, ...to })
}
