/** Objections in the user's scope: HQ decides them, a dealer follows its own. */
import { useSignal } from '@preact/signals'
import { choicesOf } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import type { StreamItem } from '../live/reader.ts'
import { Choose } from '../reports/Choose.tsx'
import { ObjectionActs, ObjectionFacts } from './ObjectionFacts.tsx'
import { objectionWords, type ShownObjection } from './objection.ts'

const words = {
  status: { en: 'Status', zh: '状态' },
  all: { en: 'All', zh: '全部' },
  empty: { en: 'There is no such objection.', zh: '没有符合条件的申诉。' },
} as const satisfies Record<string, Words>

/** A withdrawal is no news, so every item of a ticket counts. */
const isOfTickets = (item: StreamItem): boolean => item.ticketNo !== null

export const Objections = () => {
  const status = useSignal('open')
  return <ObjectionList key={status.value} status={status} />
}

const ObjectionList = ({ status }: { status: { value: string } }) => {
  const query = status.value === '' ? '' : `?status=${status.value}`
  const list = useList<ShownObjection>(`/v1/objections${query}`, isOfTickets)
  return (
    <RowList
      list={list}
      title={say(objectionWords.title)}
      empty={say(words.empty)}
      keyOf={({ objectionId }) => objectionId}
      ticketNoOf={({ ticketNo }) => ticketNo}
      render={(objection) => (
        <>
          <ObjectionFacts objection={objection} />
          <ObjectionActs objection={objection} onDone={list.readAgain} />
        </>
      )}
    >
      <Choose
        text={say(words.status)}
        chosen={status}
        choices={[...choicesOf('objectionStatuses'), { value: '', text: say(words.all) }]}
      />
    </RowList>
  )
}
