/** Who read whose personal data: the access log, searched by ticket, subject, reader and time. */

import { useSignal } from '@preact/signals'
import type { AccessLine } from '../../../../domain/accessLog.ts'
import { label } from '../core/codes.ts'
import { hrefOf, route } from '../core/route.ts'
import { say, type Words } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { More } from '../lists/More.tsx'
import { listWords } from '../lists/words.ts'
import { Report } from '../reports/Report.tsx'
import { instant } from '../time/format.ts'
import { Field } from '../ui/Field.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { Scroll } from '../ui/Scroll.tsx'

const words = {
  title: { en: 'Access log', zh: '访问日志' },
  lead: {
    en: 'One line for every answer that held personal data. It holds no personal data of customers itself.',
    zh: '每次返回个人信息均有一条记录；日志本身不含客户个人信息。',
  },
  ticketNo: { en: 'Ticket number', zh: '工单号' },
  subject: { en: 'Data subject', zh: '数据主体编号' },
  reader: { en: 'Reader', zh: '查阅人' },
  when: { en: 'When', zh: '时间' },
  roles: { en: 'Roles', zh: '角色' },
  what: { en: 'What', zh: '接口' },
  tickets: { en: 'Tickets and others', zh: '工单及其他' },
  comma: { en: ', ', zh: '、' },
  count: { en: 'Count', zh: '数量' },
  others: { en: '{count} more', zh: '另有 {count} 项' },
  search: { en: 'Search', zh: '查询' },
  empty: { en: 'No line matches.', zh: '没有符合条件的记录。' },
} as const satisfies Record<string, Words>

/** Inquiries, care tasks and sheets stand in the log too, and are no tickets to open. */
const isTicketNo = (no: string): boolean => /^T\d{6}-/.test(no)

/** Of one line, before somebody asks for more. */
const shownNumbers = 4

const none = { ticketNo: '', subject: '', actor: '' }

const Numbers = ({ numbers }: { numbers: readonly string[] }) => (
  <span class="ids" translate={false}>
    {numbers.map((no) =>
      isTicketNo(no) ? (
        <a key={no} href={hrefOf({ screen: route.value.screen, ticketNo: no })}>
          {no}{' '}
        </a>
      ) : (
        <span key={no}>{no} </span>
      ),
    )}
  </span>
)

/** A list that was read may have held two hundred: the others are shown when somebody asks for them. */
const AllNumbers = ({ numbers }: { numbers: readonly string[] }) => {
  const others = numbers.slice(shownNumbers)
  return (
    <>
      <Numbers numbers={numbers.slice(0, shownNumbers)} />
      {others.length > 0 && (
        <details>
          <summary>{say(words.others, { count: others.length })}</summary>
          <Numbers numbers={others} />
        </details>
      )}
    </>
  )
}

/** Broken into lines at its slashes only. */
const Route = ({ method, path }: { method: string; path: string }) => (
  <code class="route">
    {method}{' '}
    {path.split(/(?=\/)/).map((part) => (
      <span key={part}>
        <wbr />
        {part}
      </span>
    ))}
  </code>
)

const Lines = ({ query }: { query: string }) => {
  // reading the log is no news of a ticket
  const list = useList<AccessLine>(`/v1/privacy/access-log${query}`, () => false)
  if (list.problem.value !== null) return <ProblemNote problem={list.problem.value} />
  if (!list.isRead.value) return <p class="empty">{say(listWords.loading)}</p>
  if (list.rows.value.length === 0) return <p class="empty">{say(words.empty)}</p>
  return (
    <Scroll label={say(words.title)}>
      <table class="numbers cards">
        <thead>
          <tr>
            <th scope="col">{say(words.when)}</th>
            <th scope="col">{say(words.reader)}</th>
            <th scope="col">{say(words.roles)}</th>
            <th scope="col">{say(words.what)}</th>
            <th scope="col">{say(words.tickets)}</th>
            <th scope="col">{say(words.count)}</th>
          </tr>
        </thead>
        <tbody>
          {list.rows.value.map((line) => (
            <tr key={`${line.requestId} ${line.at}`}>
              <th scope="row" class="whole" translate={false}>
                {instant(line.at)}
              </th>
              <td class="whole" translate={false}>
                {line.actor === line.sub ? line.actor : `${line.actor} (${line.sub})`}
              </td>
              <td class="whole">{line.roles.map((role) => label('roles', role)).join(say(words.comma))}</td>
              <td translate={false}>
                <Route method={line.method} path={line.route} />
              </td>
              <td>
                <AllNumbers numbers={line.ticketNos} />
              </td>
              <td data-head={say(words.count)}>{line.count ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <More list={list} />
    </Scroll>
  )
}

export const AccessLog = () => {
  const filled = useSignal(none)
  const query = useSignal('')
  const set = (name: keyof typeof none) => (value: string) => {
    filled.value = { ...filled.peek(), [name]: value }
  }
  const search = (event: Event): void => {
    event.preventDefault()
    const given = Object.entries(filled.value).flatMap(([name, value]) =>
      value.trim() === '' ? [] : [[name, value.trim()] as [string, string]],
    )
    query.value = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
  }
  return (
    <Report title={say(words.title)} hint={say(words.lead)}>
      <form class="filters" onSubmit={search}>
        <Field
          kind="line"
          text={say(words.ticketNo)}
          value={filled.value.ticketNo}
          onValue={set('ticketNo')}
        />
        <Field kind="line" text={say(words.subject)} value={filled.value.subject} onValue={set('subject')} />
        <Field kind="line" text={say(words.reader)} value={filled.value.actor} onValue={set('actor')} />
        <button type="submit">{say(words.search)}</button>
      </form>
      <Lines query={query.value} />
    </Report>
  )
}
