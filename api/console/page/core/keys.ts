/** Shortcuts of single keys: off while somebody types or composes Chinese, and they can be switched off. */
import { signal } from '@preact/signals'
import { preferences } from './storage.ts'

export const areKeysOn = signal(preferences.get('keys') !== 'off')

export const setKeys = (isOn: boolean): void => {
  areKeysOn.value = isOn
  preferences.set('keys', isOn ? 'on' : 'off')
}

export type Key = 'j' | 'k' | 'a' | 't' | '/' | '?' | 'Escape'

const typing = 'input, textarea, select, [contenteditable]'

const isTyping = ({ target, isComposing }: KeyboardEvent): boolean =>
  isComposing || (target instanceof Element && target.closest(typing) !== null)

/** Listens on the whole page. */
export const listenToKeys = (acts: Record<Key, () => void>): (() => void) => {
  const onKey = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event
    if (defaultPrevented || ctrlKey || metaKey || altKey || !Object.hasOwn(acts, key)) return
    // a dialog hears its own Escape
    if (isTyping(event) || document.querySelector('dialog[open]') !== null) return
    if (key !== 'Escape' && !areKeysOn.peek()) return
    event.preventDefault()
    acts[key as Key]()
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

/** What leads to each row of a list, and of a table; where nothing does, the head of the table's row. */
const rowHeads = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>('main .row-link, main tbody th[scope="row"]')].map(
    (head) => head.querySelector<HTMLElement>('a, button') ?? head,
  )

const focusOn = (head: HTMLElement | undefined): void => {
  // a cell takes no focus by itself
  if (head?.tagName === 'TH') head.tabIndex = -1
  head?.focus()
}

/** Moves the focus to the next or the previous row of all lists and tables; from elsewhere to the open or the first one. */
export const moveInRows = (step: 1 | -1): void => {
  const all = rowHeads()
  const at = all.indexOf(document.activeElement as HTMLElement)
  const open = all.findIndex((link) => link.matches('[aria-current], [aria-expanded="true"]'))
  const next = at >= 0 ? at + step : open >= 0 ? open + step : 0
  focusOn(all[Math.min(Math.max(next, 0), all.length - 1)])
}

/** Closes the row that is open in its place, and returns the focus to it. */
export const closeRow = (): void => {
  const open = rowHeads().find((link) => link.matches('[aria-expanded="true"]'))
  open?.click()
  open?.focus()
}

/** Returns the focus to the row of a ticket or a sheet. */
export const focusRowOf = (name: string): void => {
  rowHeads()
    .find(({ textContent }) => textContent === name)
    ?.focus()
}
