/** Requests about SMS contacts as a table. */
import type { ComponentChildren } from 'preact'
import type { SmsRequestAnswer } from '../../../sms/responseSchemas.ts'
import { label as labelOf } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { instant } from '../time/format.ts'
import { dealerName } from '../time/units.ts'
import { Scroll } from '../ui/Scroll.tsx'
import { smsWords as words } from './words.ts'

type TableProps = { label: string; heads: readonly Words[]; children: ComponentChildren }

export const Table = ({ label, heads, children }: TableProps) => (
  <Scroll label={label}>
    <table class="numbers">
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
      ...[words.dealer, words.what, words.name, words.mobile, words.duty, words.asked, words.status],
      ...(actsOn === undefined ? [] : [words.acts]),
    ]}
  >
    {requests.map((request) => (
      <tr key={request.requestId}>
        <th scope="row" translate={false}>
          {dealerName(request.dealer)}
        </th>
        <td>{labelOf('smsActions', request.action)}</td>
        <td translate={false}>{request.name ?? '–'}</td>
        <td translate={false}>{request.mobile ?? '–'}</td>
        <td>{labelOf('smsDuties', request.duty)}</td>
        <td translate={false}>
          {instant(request.requestedAt)} {request.requestedBy}
        </td>
        <td>
          <span class="tag">{labelOf('smsRequestStatuses', request.status)}</span>
          {request.reason !== null && <span translate={false}> {request.reason}</span>}
        </td>
        {actsOn !== undefined && <td>{actsOn(request)}</td>}
      </tr>
    ))}
  </Table>
)
