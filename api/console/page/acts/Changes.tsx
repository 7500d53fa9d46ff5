/** What happened to a ticket or a sheet since the version somebody decided on. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { say } from '../core/words.ts'
import { readTimeline, type TimelineItem } from '../ticket/read.ts'
import { At } from '../time/TimeLeft.tsx'
import { actWords as words } from './words.ts'

type Props = {
  /** Of the ticket or the sheet over the API. */
  path: string
  since: number
  /** The newest version that is shown. */
  onSeen(version: number): void
}

export const Changes = ({ path, since, onSeen }: Props) => {
  const items = useSignal<readonly TimelineItem[]>([])
  useEffect(() => {
    readTimeline(path).then(
      (all) => {
        items.value = all.filter(({ version }) => version !== null && version > since)
        const versions = items.value.map(({ version }) => version as number)
        if (versions.length > 0) onSeen(Math.max(...versions))
      },
      () => undefined,
    )
  }, [path, since])
  return (
    <div class="changes" role="status">
      <p>
        <strong>{say(words.changes)}</strong> {say(words.kept)}
      </p>
      <ul>
        {items.value.map(({ eventId, at, text, actor }) => (
          <li key={eventId} translate={false}>
            <At at={at} /> {text} ({actor.id})
          </li>
        ))}
      </ul>
    </div>
  )
}
