/** Making a sheet of the items of a dealer and month, which are shown before it is sent. */
import { useSignal } from '@preact/signals'
import type { VoiceItemAnswer, VoiceSheetAnswer } from '../../../voice/responseSchemas.ts'
import { send } from '../core/api.ts'
import { go } from '../core/route.ts'
import { say } from '../core/words.ts'
import { atRest } from '../lists/answer.ts'
import { useList } from '../lists/list.ts'
import { type AskedField, Fields, faultOf, type Values } from '../ui/asked.tsx'
import { SendDialog } from '../ui/Send.tsx'
import { queryOf } from './Filters.tsx'
import { dealerField, monthField } from './fields.ts'
import { voiceWords as words } from './words.ts'

const fields: readonly AskedField[] = [dealerField, monthField]

/** What the sheet will have. */
const ToSend = ({ dealer, month }: { dealer: string; month: string }) => {
  const path = `/v1/voice/items${queryOf({ status: 'open', dealer, month })}`
  const { rows, isRead, hasMore } = useList<VoiceItemAnswer>(path, atRest)
  if (!isRead.value) return null
  if (rows.value.length === 0) return <p class="missing">{say(words.nothingToSend)}</p>
  return (
    <>
      <p>{say(words.toSend, { count: `${rows.value.length}${hasMore.value ? '+' : ''}` })}</p>
      <ul class="to-send" translate={false}>
        {rows.value.map(({ itemId, indicator, text }) => (
          <li key={itemId}>
            {indicator} · {text}
          </li>
        ))}
      </ul>
    </>
  )
}

type Props = { of?: { dealerCode: string; month: string }; onDone(): void; onClose(): void }

export const SendSheet = ({ of, onDone, onClose }: Props) => {
  const values = useSignal<Values>(of ?? {})
  const isTried = useSignal(false)
  const { dealerCode = '', month = '' } = values.value
  const isComplete = (): boolean => fields.every((field) => faultOf(field, values.peek()) === null)
  return (
    <SendDialog
      title={say(words.send)}
      caution={say(words.sendCaution)}
      isComplete={() => {
        isTried.value = true
        return isComplete()
      }}
      send={async (key) => {
        const body = { dealerCode: dealerCode.trim(), month: month.trim() }
        const { data } = await send<VoiceSheetAnswer>('/v1/voice/sheets', { body, key })
        go({ sheetId: data.sheetId })
      }}
      onDone={onDone}
      onClose={onClose}
    >
      {(problem) => (
        <>
          <Fields
            fields={fields}
            values={values.value}
            isTried={isTried.value}
            problem={problem}
            onValues={(next) => {
              values.value = next
            }}
          />
          {isComplete() && (
            <ToSend key={`${dealerCode} ${month}`} dealer={dealerCode.trim()} month={month.trim()} />
          )}
        </>
      )}
    </SendDialog>
  )
}
