/** Inquiries of the call centre: what waits for an answer or to be passed on, by due; each is opened in its place. */
import { useSignal } from '@preact/signals'
import { choicesOf } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import { Choose } from '../reports/Choose.tsx'
import { desk } from '../session/desk.ts'
import { AskDialog } from '../ui/asked.tsx'
import { fieldsOfAct, type InquiryAct, inquiryPath } from './acts.ts'
import { InquiryDetail } from './InquiryDetail.tsx'
import { InquiryRow, type InquiryRowData } from './InquiryRow.tsx'
import { NewInquiry } from './NewInquiry.tsx'
import { inquiryWords as words } from './words.ts'

type Open = { act: InquiryAct; inquiry: InquiryRowData } | 'new' | null

const unfinished = 'open,forwarded,answered'

/** What is to be done comes by its due, what is over the newest first. */
const queryOf = (state: string): string => {
  if (state === '') return ''
  const isWork = state.split(',').every((each) => unfinished.split(',').includes(each))
  return `?state=${state}${isWork ? '&sort=dueAt' : ''}`
}

export const Inquiries = () => {
  // the SE answers what was forwarded, and nothing else
  const state = useSignal(desk.peek() === 'se' ? 'forwarded' : unfinished)
  return <InquiryList key={state.value} state={state} />
}

const InquiryList = ({ state }: { state: { value: string } }) => {
  const open = useSignal<Open>(null)
  const list = useList<InquiryRowData>(`/v1/inquiries${queryOf(state.value)}`)
  const close = (): void => {
    open.value = null
  }
  const dialog = {
    onClose: close,
    onDone: () => {
      close()
      list.readAgain()
    },
  }
  const mayTake = desk.value === 'csr' || desk.value === 'csc_system'
  const shown = open.value
  return (
    <>
      <RowList
        list={list}
        title={say(words.title)}
        empty={say(words.empty)}
        keyOf={({ inquiryNo }) => inquiryNo}
        nameOf={({ inquiryNo }) => <span translate={false}>{inquiryNo}</span>}
        render={(inquiry) => (
          <InquiryRow
            inquiry={inquiry}
            onAct={(act) => {
              open.value = { act, inquiry }
            }}
          />
        )}
        detailOf={({ inquiryNo, version }) => <InquiryDetail inquiryNo={inquiryNo} version={version} />}
      >
        <Choose
          text={say(words.state)}
          chosen={state}
          choices={[
            { value: unfinished, text: say(words.open) },
            ...choicesOf('inquiryStates'),
            { value: '', text: say(words.all) },
          ]}
        />
        {mayTake && (
          <button
            type="button"
            class="primary"
            data-act="new"
            onClick={() => {
              open.value = 'new'
            }}
          >
            {say(words.new)}
          </button>
        )}
      </RowList>
      {shown === 'new' && <NewInquiry {...dialog} />}
      {shown !== null && shown !== 'new' && (
        <AskDialog
          title={`${say(words[shown.act])} ${shown.inquiry.inquiryNo}`}
          path={`${inquiryPath(shown.inquiry.inquiryNo)}/${shown.act}`}
          fields={fieldsOfAct[shown.act]}
          initial={shown.act === 'relay' ? { reached: 'yes', method: 'phone' } : {}}
          {...dialog}
        />
      )}
    </>
  )
}
