/** Everything that happened to a ticket, the newest first. */
import { useSignal } from '@preact/signals'
import { label } from '../core/codes.ts'
import { said, say } from '../core/words.ts'
import { At } from '../time/TimeLeft.tsx'
import type { TimelineItem } from './read.ts'
import { ticketWords as words } from './words.ts'

const shownAtFirst = 12

/** What was written with an event, in the order of its fields. */
const textsOf = ({ data }: TimelineItem): string[] =>
  typeof data.text === 'object' && data.text !== null
    ? Object.values(data.text).filter((each): each is string => typeof each === 'string' && each !== '')
    : []

export const Timeline = ({ items }: { items: readonly TimelineItem[] }) => {
  const isWhole = useSignal(false)
  const newest = items.toReversed()
  const shown = isWhole.value ? newest : newest.slice(0, shownAtFirst)
  return (
    <section aria-label={say(words.timeline)}>
      <h2>{say(words.timeline)}</h2>
      <ol class="timeline">
        {shown.map((item) => (
          <li key={item.eventId}>
            <p class="when">
              <At at={item.at} form="long" />{' '}
              <span translate={false}>
                {item.actor.id} {item.actor.role !== '' && `(${label('roles', item.actor.role)})`}
              </span>
              {item.imported !== null && ` · ${say(words.imported)}`}
            </p>
            <p>{said(item.text)}</p>
            {textsOf(item).map((text) => (
              <p key={text} class="quote" translate={false}>
                {text}
              </p>
            ))}
          </li>
        ))}
      </ol>
      {newest.length > shown.length && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            isWhole.value = true
          }}
        >
          {say(words.past, { count: newest.length - shown.length })}
        </button>
      )}
    </section>
  )
}
