/** A list of rows, each with a link; rows stay where they are while somebody points at them or is among them. */
import { useComputed, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { freeRows, type Held, heldRows } from './held.ts'
import type { List } from './list.ts'
import { listWords as words } from './words.ts'

type Props<T> = {
  list: List<T>
  /** The heading, which names the list. */
  title: string
  /** Said where there is no row. */
  empty: string
  keyOf(row: T): string
  /** The ticket the row leads to. */
  ticketNoOf(row: T): string
  render(row: T): ComponentChildren
  children?: ComponentChildren
}

export const RowList = <T,>({ list, title, empty, keyOf, ticketNoOf, render, children }: Props<T>) => {
  const isPointedAt = useSignal(false)
  const hasFocus = useSignal(false)
  const taken = useSignal(0)
  const before = useRef<{ taken: number; held: Held<T> } | null>(null)

  const held = useComputed((): Held<T> => {
    const next = list.rows.value
    const isHeld = isPointedAt.value || hasFocus.value
    const known = before.current
    const shown =
      isHeld && known !== null && known.held.rows.length > 0 && known.taken === taken.value
        ? heldRows(known.held.rows, next, keyOf)
        : freeRows(next, keyOf)
    before.current = { taken: taken.value, held: shown }
    return shown
  })

  const { rows, fresh, isMoved } = held.value
  const { screen, ticketNo: opened } = route.value
  const isEmpty = rows.length === 0
  return (
    <section class="list" aria-label={title}>
      <header class="list-head">
        <h2>
          {title}{' '}
          <span class="count">
            {list.isRead.value ? `${rows.length}${list.hasMore.value ? '+' : ''}` : ''}
          </span>
        </h2>
        {children}
        {(fresh > 0 || isMoved) && (
          <button type="button" class="fresh" onClick={() => taken.value++}>
            {fresh > 0 ? say(words.fresh, { count: fresh }) : say(words.moved)}
          </button>
        )}
      </header>
      {list.problem.value !== null && (
        <ProblemNote problem={list.problem.value}>{list.isRead.value && say(words.old)}</ProblemNote>
      )}
      {isEmpty && list.problem.value === null && (
        <p class="empty">{list.isRead.value ? empty : say(words.loading)}</p>
      )}
      <ul
        class="rows"
        onPointerEnter={() => {
          isPointedAt.value = true
        }}
        onPointerLeave={() => {
          isPointedAt.value = false
        }}
        onFocusIn={() => {
          hasFocus.value = true
        }}
        onFocusOut={({ currentTarget, relatedTarget }) => {
          hasFocus.value = currentTarget.contains(relatedTarget as Node | null)
        }}
      >
        {rows.map(({ key, row, isGone }) => {
          const ticketNo = ticketNoOf(row)
          const isOpened = ticketNo === opened
          return (
            <li
              key={key}
              data-key={key}
              class={`row${isGone ? ' row-gone' : ''}${isOpened ? ' row-open' : ''}`}
            >
              <a
                class="row-link"
                href={hrefOf({ screen, ticketNo })}
                translate={false}
                {...(isOpened && { 'aria-current': 'true' as const })}
              >
                {ticketNo}
              </a>
              {render(row)}
              {isGone && <span class="gone">{say(words.gone)}</span>}
            </li>
          )
        })}
      </ul>
      {list.hasMore.value && (
        <button type="button" class="quiet" onClick={list.showMore}>
          {say(words.more)}
        </button>
      )}
    </section>
  )
}
