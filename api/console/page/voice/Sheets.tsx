/** Sheets of customer voice, what falls due first on top: what waits for the user's people, or any other state. */
import { useSignal } from '@preact/signals'
import type { VoiceSheetRowAnswer } from '../../../voice/responseSchemas.ts'
import { choicesOf, label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import { Choose } from '../reports/Choose.tsx'
import { desk } from '../session/desk.ts'
import { dealerName } from '../time/units.ts'
import { DueIn } from './DueIn.tsx'
import { ChooseDealer, queryOf } from './Filters.tsx'
import { waitingFor } from './rights.ts'
import { SendSheet } from './SendSheet.tsx'
import { isOfSheet } from './sheet.ts'
import { voiceWords as words } from './words.ts'

const SheetRow = ({ sheet }: { sheet: VoiceSheetRowAnswer }) => (
  <>
    <span class="row-tags">
      <span class="tag">{label('voiceSheetStatuses', sheet.status)}</span>
      <span class="tag">{say(words.count, { count: sheet.items })}</span>
    </span>
    <span class="row-who" translate={false}>
      {dealerName(sheet.dealer)} · {sheet.month}
    </span>
    {sheet.step !== null && sheet.dueAt !== null && <DueIn step={sheet.step} dueAt={sheet.dueAt} />}
  </>
)

/** What can be chosen as a state: what waits for the user's people first, where there is such a thing. */
const choicesOfState = (): { value: string; text: string }[] => {
  const ours = waitingFor[desk.value ?? 'auditor']
  return [
    ...(ours === undefined ? [] : [{ value: 'ours', text: say(words.ours) }]),
    { value: 'unfinished', text: say(words.unfinished) },
    { value: 'overdue', text: say(words.overdue) },
    ...choicesOf('voiceSheetStatuses'),
    { value: '', text: say(words.all) },
  ]
}

/** Every status but the last, as the service lists them. */
const unfinished = (): string[] =>
  choicesOf('voiceSheetStatuses')
    .map(({ value }) => value)
    .filter((status) => status !== 'closed')

/** The filters of a choice; all is what it is not. */
const filtersOf = (state: string): Record<string, string> => {
  const ours = waitingFor[desk.value ?? 'auditor']
  if (state === 'ours' && ours !== undefined) return { status: ours.join(',') }
  if (state === 'ours' || state === 'unfinished') return { status: unfinished().join(',') }
  if (state === 'overdue')
    return {
      overdue: choicesOf('voiceSteps')
        .map(({ value }) => value)
        .join(','),
    }
  return { status: state }
}

const SheetList = ({
  path,
  state,
  dealer,
}: {
  path: string
  state: { value: string }
  dealer: { value: string }
}) => {
  const isSending = useSignal(false)
  const list = useList<VoiceSheetRowAnswer>(path, isOfSheet())
  const close = (): void => {
    isSending.value = false
  }
  return (
    <>
      <RowList
        list={list}
        title={say(words.sheets)}
        empty={say(words.noSheet)}
        keyOf={({ sheetId }) => sheetId}
        sheetIdOf={({ sheetId }) => sheetId}
        render={(sheet) => <SheetRow sheet={sheet} />}
      >
        <Choose text={say(words.state)} chosen={state} choices={choicesOfState()} />
        <ChooseDealer chosen={dealer} />
        {desk.value === 'hq_sales' && (
          <button
            type="button"
            class="primary"
            data-act="send"
            onClick={() => {
              isSending.value = true
            }}
          >
            {say(words.send)}
          </button>
        )}
      </RowList>
      {isSending.value && (
        <SendSheet
          onClose={close}
          onDone={() => {
            close()
            list.readAgain()
          }}
        />
      )}
    </>
  )
}

export const Sheets = () => {
  const state = useSignal(waitingFor[desk.peek() ?? 'auditor'] === undefined ? 'unfinished' : 'ours')
  const dealer = useSignal('')
  const query = queryOf({ ...filtersOf(state.value), dealer: dealer.value, sort: 'dueAt' })
  const path = `/v1/voice/sheets${query}`
  return <SheetList key={path} path={path} state={state} dealer={dealer} />
}
