/** Requests about SMS contacts as a table. */
import type { ComponentChildren } from 'preact'
import type { SmsRequestAnswer } from '../../../sms/responseSchemas.ts'
import { label as labelOf } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { desk } from '../session/desk.ts'
import { instant } from '../time/format.ts'
import { dealerName } from '../time/units.ts'
import { Scroll } from '../ui/Scroll.tsx'
import { smsWords as words } from './words.ts'

type TableProps = { label: string; heads: readonly Words[]; children: ComponentChildren }

export const Table = ({ label, heads, children }: TableProps) => (
  <Scroll label={label}>
    <table class="numbers cards">
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head.en} scope="col">
              {say(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </Scroll>
)

type RequestsProps = {
  requests: readonly SmsRequestAnswer[]
  /** Acts on one; the column is left out without them. */
  actsOn?: (request: SmsRequestAnswer) => ComponentChildren
}

export const Requests = ({ requests, actsOn }: RequestsProps) => (
  <Table
    label={say(words.requests)}
    heads={[
      ...[words.name, words.what, words.mobile, words.duty],
      // a dealer sees its own alone
      ...(desk.value === 'dealer' ? [] : [words.dealer]),
      ...[words.asked, words.status],
      ...(actsOn === undefined ? [] : [words.acts]),
    ]}
  >
    {requests.map((request) => (
      <tr key={request.requestId}>
        <th scope="row" translate={false}>
          {request.name ?? '–'}
        </th>
        <td class="whole">{labelOf('smsActions', request.action)}</td>
        <td class="whole" translate={false}>
          {request.mobile ?? '–'}
        </td>
        <td class="whole">{labelOf('smsDuties', request.duty)}</td>
        {desk.value !== 'dealer' && <td translate={false}>{dealerName(request.dealer)}</td>}
        <td translate={false}>
          <span class="whole">{instant(request.requestedAt)}</span> {request.requestedBy}
        </td>
        <td>
          <span class="tag whole">{labelOf('smsRequestStatuses', request.status)}</span>
          {request.reason !== null && <span translate={false}> {request.reason}</span>}
        </td>
        {actsOn !== undefined && <td>{actsOn(request)}</td>}
      </tr>
    ))}
  </Table>
)
