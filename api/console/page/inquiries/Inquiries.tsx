/** Inquiries of the call centre: what was asked, what waits for an answer or to be passed on, and their acts. */
import { useSignal } from '@preact/signals'
import type { Role } from '../../../../domain/authority.ts'
import type { InquiryRowAnswer } from '../../../inquiries/responseSchemas.ts'
import { choicesOf, label } from '../core/codes.ts'
import { hrefOf, route } from '../core/route.ts'
import { say, type Words } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { listWords } from '../lists/words.ts'
import { Choose } from '../reports/Choose.tsx'
import { Report } from '../reports/Report.tsx'
import { desk } from '../session/desk.ts'
import { instant } from '../time/format.ts'
import { TimeLeft } from '../time/TimeLeft.tsx'
import { dealerName, dealers } from '../time/units.ts'
import { AskDialog, type AskedField, bodyOf, type Values } from '../ui/asked.tsx'
import { Scroll } from '../ui/Scroll.tsx'

const words = {
  title: { en: 'Inquiries', zh: '咨询' },
  state: { en: 'State', zh: '状态' },
  open: { en: 'Not finished', zh: '未完成' },
  all: { en: 'All', zh: '全部' },
  new: { en: 'New inquiry', zh: '新咨询' },
  empty: { en: 'No inquiry is here.', zh: '没有咨询。' },
  number: { en: 'Number', zh: '咨询号' },
  topic: { en: 'Topic', zh: '咨询主题' },
  customer: { en: 'Customer', zh: '客户' },
  registered: { en: 'Registered', zh: '登记时间' },
  due: { en: 'Due', zh: '到期' },
  acts: { en: 'Acts', zh: '操作' },
  forward: { en: 'Forward to the SE', zh: '转支持工程师' },
  answer: { en: 'Answer', zh: '答复' },
  relay: { en: 'Passed on', zh: '转告客户' },
  complaint: { en: 'It is a complaint', zh: '转为投诉' },
  withdraw: { en: 'Withdraw', zh: '撤销' },
  question: { en: 'Question', zh: '咨询内容' },
  note: { en: 'Note', zh: '说明' },
  reason: { en: 'Reason', zh: '原因' },
  method: { en: 'How', zh: '联系方式' },
  reached: { en: 'The customer was reached', zh: '已联系到客户' },
  name: { en: 'Name', zh: '客户姓名' },
  phone: { en: 'Phone', zh: '电话' },
  category: { en: 'Category', zh: '细分类' },
  dealer: { en: 'Dealer (code; type a name to find it)', zh: '经销商（代码，可按名称查找）' },
  answeredNow: { en: 'Answer, where it is known at once', zh: '答复（可当场答复时填写）' },
} as const satisfies Record<string, Words>

type Act = 'forward' | 'answer' | 'relay' | 'complaint' | 'withdraw'

/** Who does what in which state (rulebook §12); the service judges it again. */
const acts: Record<Act, { roles: readonly Role[]; states: readonly string[] }> = {
  answer: { roles: ['csr', 'csc_system', 'se'], states: ['open', 'forwarded'] },
  forward: { roles: ['csr', 'csc_system'], states: ['open'] },
  relay: { roles: ['csr', 'csc_system'], states: ['answered'] },
  complaint: { roles: ['csr', 'csc_system'], states: ['open', 'forwarded', 'answered'] },
  withdraw: { roles: ['csr', 'csc_supervisor'], states: ['open', 'forwarded'] },
}

const mayDo = (act: Act, state: string): boolean => {
  const role = desk.value
  if (role === null || !acts[act].roles.includes(role) || !acts[act].states.includes(state)) return false
  // what was forwarded is answered by the SE, what was not by the call centre
  return act !== 'answer' || (role === 'se') === (state === 'forwarded')
}

const dealerField: AskedField = {
  name: 'dealerCode',
  text: words.dealer,
  kind: 'search',
  choices: () => [...dealers.value.values()].map(({ code, name }) => ({ value: code, text: name })),
}

const fieldsOf: Record<Act, readonly AskedField[]> = {
  forward: [{ name: 'note', text: words.note, kind: 'area' }],
  answer: [{ name: 'answer', text: words.answer, kind: 'area', isRequired: true }],
  relay: [
    {
      name: 'method',
      text: words.method,
      kind: 'choice',
      isRequired: true,
      choices: () => choicesOf('methods'),
    },
    { name: 'reached', text: words.reached, kind: 'check' },
    { name: 'note', text: words.note, kind: 'area' },
  ],
  complaint: [
    {
      name: 'category',
      text: words.category,
      kind: 'choice',
      isRequired: true,
      choices: () => choicesOf('categories'),
    },
    dealerField,
  ],
  withdraw: [{ name: 'reason', text: words.reason, kind: 'area', isRequired: true }],
}

const newFields: readonly AskedField[] = [
  {
    name: 'topic',
    text: words.topic,
    kind: 'choice',
    isRequired: true,
    choices: () => choicesOf('inquiryTopics'),
  },
  { name: 'question', text: words.question, kind: 'area', isRequired: true },
  { name: 'name', text: words.name, kind: 'line' },
  { name: 'phone', text: words.phone, kind: 'line' },
  dealerField,
  { name: 'answer', text: words.answeredNow, kind: 'area' },
]

const newBody = (values: Values) => {
  const { name, phone, ...rest } = bodyOf(newFields, values) as { name?: string; phone?: string }
  const customer =
    name === undefined && phone === undefined ? null : { name: name ?? null, phone: phone ?? null }
  return { channel: 'phone', ...rest, customer }
}

const SE = { tier: 'se', unit: 'SE' } as const

const Due = ({ inquiry }: { inquiry: InquiryRowAnswer }) => {
  if (inquiry.state === 'forwarded')
    return <TimeLeft clock="close" dueAt={inquiry.answerDueAt} unit={SE} provisional={inquiry.provisional} />
  if (inquiry.state === 'answered')
    return (
      <TimeLeft clock="response" dueAt={inquiry.relayDueAt} unit={SE} provisional={inquiry.provisional} />
    )
  return <>–</>
}

type Open = { act: Act; inquiry: InquiryRowAnswer } | 'new' | null

export const Inquiries = () => {
  const state = useSignal('open,forwarded,answered')
  const open = useSignal<Open>(null)
  const query = state.value === '' ? '' : `?state=${state.value}`
  const list = useList<InquiryRowAnswer>(`/v1/inquiries${query}`)
  const close = (): void => {
    open.value = null
  }
  const done = (): void => {
    close()
    list.readAgain()
  }
  const mayTake = desk.value === 'csr' || desk.value === 'csc_system'
  const shown = open.value
  return (
    <Report
      title={say(words.title)}
      problem={list.problem.value}
      isLoading={!list.isRead.value}
      head={
        <>
          <Choose
            text={say(words.state)}
            value={state.value}
            choices={[
              { value: 'open,forwarded,answered', text: say(words.open) },
              ...choicesOf('inquiryStates'),
              { value: '', text: say(words.all) },
            ]}
            onValue={(value) => {
              state.value = value
            }}
          />
          {mayTake && (
            <button
              type="button"
              class="primary"
              onClick={() => {
                open.value = 'new'
              }}
            >
              {say(words.new)}
            </button>
          )}
        </>
      }
    >
      {list.isRead.value && list.rows.value.length === 0 && list.problem.value === null && (
        <p class="empty">{say(words.empty)}</p>
      )}
      {list.rows.value.length > 0 && (
        <Scroll label={say(words.title)}>
          <table class="numbers">
            <thead>
              <tr>
                <th scope="col">{say(words.number)}</th>
                <th scope="col">{say(words.topic)}</th>
                <th scope="col">{say(words.customer)}</th>
                <th scope="col">{say(words.state)}</th>
                <th scope="col">{say(words.registered)}</th>
                <th scope="col">{say(words.due)}</th>
                <th scope="col">{say(words.acts)}</th>
              </tr>
            </thead>
            <tbody>
              {list.rows.value.map((inquiry) => (
                <tr key={inquiry.inquiryNo}>
                  <th scope="row" translate={false}>
                    {inquiry.inquiryNo}
                  </th>
                  <td>
                    {label('inquiryTopics', inquiry.topic)}
                    {inquiry.dealer !== null && (
                      <span class="row-who" translate={false}>
                        {' '}
                        {dealerName(inquiry.dealer)}
                      </span>
                    )}
                  </td>
                  <td translate={false}>
                    {inquiry.customer.name} {inquiry.customer.phone}
                  </td>
                  <td>
                    <span class="tag">{label('inquiryStates', inquiry.state)}</span>{' '}
                    {inquiry.ticketNo !== null && (
                      <a
                        href={hrefOf({ screen: route.value.screen, ticketNo: inquiry.ticketNo })}
                        translate={false}
                      >
                        {inquiry.ticketNo}
                      </a>
                    )}
                  </td>
                  <td translate={false}>{instant(inquiry.registeredAt)}</td>
                  <td>
                    <Due inquiry={inquiry} />
                  </td>
                  <td>
                    <span class="buttons">
                      {(Object.keys(acts) as Act[])
                        .filter((act) => mayDo(act, inquiry.state))
                        .map((act) => (
                          <button
                            key={act}
                            type="button"
                            onClick={() => {
                              open.value = { act, inquiry }
                            }}
                          >
                            {say(words[act])}
                          </button>
                        ))}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {list.hasMore.value && (
        <button type="button" class="quiet" onClick={list.showMore}>
          {say(listWords.more)}
        </button>
      )}
      {shown === 'new' && (
        <AskDialog
          title={say(words.new)}
          path="/v1/inquiries"
          fields={newFields}
          body={newBody}
          onDone={done}
          onClose={close}
        />
      )}
      {shown !== null && shown !== 'new' && (
        <AskDialog
          title={`${say(words[shown.act])} ${shown.inquiry.inquiryNo}`}
          path={`/v1/inquiries/${encodeURIComponent(shown.inquiry.inquiryNo)}/${shown.act}`}
          fields={fieldsOf[shown.act]}
          initial={shown.act === 'relay' ? { reached: 'yes', method: 'phone' } : {}}
          onDone={done}
          onClose={close}
        />
      )}
    </Report>
  )
}
