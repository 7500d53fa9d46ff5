/** Requests of dealers about SMS contacts, for the call centre to decide. */
import { useSignal } from '@preact/signals'
import type { SmsRequestAnswer } from '../../../sms/responseSchemas.ts'
import { choicesOf } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { More } from '../lists/More.tsx'
import { Choose } from '../reports/Choose.tsx'
import { Report } from '../reports/Report.tsx'
import { desk } from '../session/desk.ts'
import { AskDialog } from '../ui/asked.tsx'
import { Requests } from './Requests.tsx'
import { smsWords as words } from './words.ts'

type RequestDecision = { act: 'accept' | 'refuse'; request: SmsRequestAnswer }
const deciders = ['csr', 'csc_system']

export const OfCallCentre = () => {
  const status = useSignal('open')
  const open = useSignal<RequestDecision | null>(null)
  const list = useList<SmsRequestAnswer>(
    `/v1/sms-contact-requests${status.value === '' ? '' : `?status=${status.value}`}`,
  )
  const close = (): void => {
    open.value = null
  }
  const mayDecide = desk.value !== null && deciders.includes(desk.value)
  const shown = open.value
  const actsOn = (request: SmsRequestAnswer) =>
    request.status === 'open' && (
      <span class="buttons">
        {(['accept', 'refuse'] as const).map((act) => (
          <button
            key={act}
            type="button"
            data-act={act}
            onClick={() => {
              open.value = { act, request }
            }}
          >
            {say(words[act])}
          </button>
        ))}
      </span>
    )
  return (
    <Report
      title={say(words.title)}
      hint={say(words.leadCsc)}
      problem={list.problem.value}
      isLoading={!list.isRead.value}
      head={
        <Choose
          text={say(words.status)}
          chosen={status}
          choices={[...choicesOf('smsRequestStatuses'), { value: '', text: say(words.all) }]}
        />
      }
    >
      {list.isRead.value && list.rows.value.length === 0 && <p class="empty">{say(words.noRequest)}</p>}
      {list.rows.value.length > 0 && <Requests requests={list.rows.value} {...(mayDecide && { actsOn })} />}
      <More list={list} />
      {shown !== null && (
        <AskDialog
          title={`${say(words[shown.act])} ${shown.request.name ?? ''}`}
          path={`/v1/dealers/${encodeURIComponent(shown.request.dealer)}/sms-contacts/requests/${encodeURIComponent(shown.request.requestId)}/${shown.act}`}
          fields={
            shown.act === 'accept'
              ? []
              : [{ name: 'reason', text: words.reason, kind: 'area', isRequired: true }]
          }
          onClose={close}
          onDone={() => {
            close()
            list.readAgain()
          }}
        />
      )}
    </Report>
  )
}
