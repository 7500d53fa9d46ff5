/** Making a sheet of the items of a dealer and month, which are shown before it is sent. */
import type { VoiceItemAnswer, VoiceSheetAnswer } from '../../../voice/responseSchemas.ts'
import { send } from '../core/api.ts'
import { go } from '../core/route.ts'
import { say } from '../core/words.ts'
import { atRest } from '../lists/answer.ts'
import { useList } from '../lists/list.ts'
import { AskDialog, type AskedField, faultOf } from '../ui/asked.tsx'
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

export const SendSheet = ({ of, onDone, onClose }: Props) => (
  <AskDialog
    title={say(words.send)}
    caution={say(words.sendCaution)}
    fields={fields}
    initial={of ?? {}}
    send={async ({ dealerCode = '', month = '' }, key) => {
      const body = { dealerCode: dealerCode.trim(), month: month.trim() }
      const { data } = await send<VoiceSheetAnswer>('/v1/voice/sheets', { body, key })
      go({ sheetId: data.sheetId })
    }}
    onDone={onDone}
    onClose={onClose}
  >
    {(values) => {
      if (fields.some((field) => faultOf(field, values) !== null)) return null
      const [dealer = '', month = ''] = [values.dealerCode?.trim(), values.month?.trim()]
      return <ToSend key={`${dealer} ${month}`} dealer={dealer} month={month} />
    }}
  </AskDialog>
)
