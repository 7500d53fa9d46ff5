/**
 * A list of rows, each of which leads to a ticket or a sheet or opens in its place; rows stay where they are while somebody points
 * at them or is among them.
 */
import { useComputed, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { besideName } from '../screens/beside.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { freeRows, type HeldRows, heldRows } from './held.ts'
import type { List } from './list.ts'
import { More } from './More.tsx'
import { listWords as words } from './words.ts'

type Leads<T> =
  | {
      /** The ticket the row leads to. */
      ticketNoOf(row: T): string
    }
  | {
      /** The sheet of customer voice the row leads to. */
      sheetIdOf(row: T): string
    }
  | {
      /** What the row is called, and what is shown below it once it is opened. */
      nameOf(row: T): ComponentChildren
      detailOf(row: T): ComponentChildren
    }

type Props<T> = Leads<T> & {
  list: List<T>
  /** The heading, which names the list. */
  title: string
  /** Said where there is no row. */
  empty: string
  keyOf(row: T): string
  render(row: T): ComponentChildren
  children?: ComponentChildren
}

type Beside = { ticketNo: string } | { sheetId: string }

/** What the row leads to; `null`: it opens in its place. */
const besideOf = <T,>(leads: Leads<T>, row: T): Beside | null => {
  if ('ticketNoOf' in leads) return { ticketNo: leads.ticketNoOf(row) }
  return 'sheetIdOf' in leads ? { sheetId: leads.sheetIdOf(row) } : null
}

const nameOfBeside = (beside: Beside): string => ('ticketNo' in beside ? beside.ticketNo : beside.sheetId)

const BesideLink = ({ beside, isOpen }: { beside: Beside; isOpen: boolean }) => (
  <a
    class="row-link"
    href={hrefOf({ screen: route.value.screen, ...beside })}
    translate={false}
    {...(isOpen && { 'aria-current': 'true' as const })}
  >
    {nameOfBeside(beside)}
  </a>
)

type OpenerProps = {
  name: ComponentChildren
  isOpen: boolean
  detailId: string
  onSwitch(): void
}

const Opener = ({ name, isOpen, detailId, onSwitch }: OpenerProps) => (
  <button
    type="button"
    class="row-link"
    aria-expanded={isOpen}
    {...(isOpen && { 'aria-controls': detailId })}
    onClick={onSwitch}
  >
    {name}
  </button>
)

/** The rows as they are shown, and what shows those that wait. */
const useHeld = <T,>({ list, keyOf }: Pick<Props<T>, 'list' | 'keyOf'>) => {
  const isHeldBy = { pointer: useSignal(false), focus: useSignal(false) }
  const taken = useSignal(0)
  const before = useRef<{ taken: number; held: HeldRows<T> } | null>(null)
  const held = useComputed((): HeldRows<T> => {
    const next = list.rows.value
    const isHeld = isHeldBy.pointer.value || isHeldBy.focus.value
    const known = before.current
    const shown =
      isHeld && known !== null && known.held.rows.length > 0 && known.taken === taken.value
        ? heldRows(known.held.rows, next, keyOf)
        : freeRows(next, keyOf)
    before.current = { taken: taken.value, held: shown }
    return shown
  })
  return { held, isHeldBy, showAll: () => taken.value++ }
}

export const RowList = <T,>(props: Props<T>) => {
  const { list, title, empty, render, children } = props
  const { held, isHeldBy, showAll } = useHeld(props)
  const opened = useSignal<string | null>(null)
  const id = useId()
  const { rows, fresh, isMoved } = held.value
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
          <button type="button" class="fresh" onClick={showAll}>
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
          isHeldBy.pointer.value = true
        }}
        onPointerLeave={() => {
          isHeldBy.pointer.value = false
        }}
        onFocusIn={() => {
          isHeldBy.focus.value = true
        }}
        onFocusOut={({ currentTarget, relatedTarget }) => {
          isHeldBy.focus.value = currentTarget.contains(relatedTarget as Node | null)
        }}
      >
        {rows.map(({ key, row, isGone }) => {
          const beside = besideOf(props, row)
          const isOpen = beside === null ? opened.value === key : nameOfBeside(beside) === besideName()
          return (
            <li
              key={key}
              data-key={key}
              class={`row${isGone ? ' row-gone' : ''}${isOpen ? ' row-open' : ''}`}
            >
              {beside !== null && <BesideLink beside={beside} isOpen={isOpen} />}
              {'nameOf' in props && (
                <Opener
                  name={props.nameOf(row)}
                  isOpen={isOpen}
                  detailId={`${id}-detail`}
                  onSwitch={() => {
                    opened.value = isOpen ? null : key
                  }}
                />
              )}
              {render(row)}
              {isGone && <span class="gone">{say(words.gone)}</span>}
              {isOpen && 'detailOf' in props && (
                <div id={`${id}-detail`} class="row-detail above">
                  {props.detailOf(row)}
                </div>
              )}
            </li>
          )
        })}
      </ul>
      <More list={list} />
    </section>
  )
}
