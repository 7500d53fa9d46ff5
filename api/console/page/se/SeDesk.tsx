/** The desk of the SE: warnings to acknowledge, escalations, and what falls due next. */
import { useSignal } from '@preact/signals'
import type { WarningAnswer } from '../../../tickets/warnings.ts'
import { label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import type { StreamItem } from '../live/reader.ts'
import { TicketQueue } from '../screens/TicketQueue.tsx'
import { desk } from '../session/desk.ts'
import { At, TimeLeft } from '../time/TimeLeft.tsx'
import { dealerName, unitName } from '../time/units.ts'
import { Check } from '../ui/Field.tsx'

const words = {
  warnings: { en: 'Warnings to acknowledge', zh: '待确认预警' },
  openWarnings: { en: 'Open warnings', zh: '未处理预警' },
  noWarnings: { en: 'No warning waits.', zh: '没有待处理的预警。' },
  escalations: { en: 'Escalations', zh: '升级工单' },
  noEscalations: { en: 'No escalated ticket is open.', zh: '没有未结的升级工单。' },
  next: { en: 'Due next', zh: '即将到期' },
  nothingDue: { en: 'Nothing is due.', zh: '没有到期事项。' },
  sentTo: { en: 'to {unit}', zh: '发给 {unit}' },
  acknowledged: { en: 'acknowledged', zh: '已确认' },
  withAcknowledged: { en: 'Acknowledged too', zh: '含已确认' },
  ours: { en: 'Ours only', zh: '仅本部门' },
} as const satisfies Record<string, Words>

const isTicketItem = (item: StreamItem): boolean =>
  item.type.startsWith('ticket.') || item.type.startsWith('warning.')

const WarningRow = ({ warning }: { warning: WarningAnswer }) => {
  const { code, category, sentTo, dealer, raisedAt, acknowledgedAt, ackDueAt, content, reason, provisional } =
    warning
  return (
    <>
      <span class="row-tags">
        <span class="tag tag-warn">
          <span translate={false}>{code}</span> {label('warningCodes', code)}
        </span>
        {category !== null && (
          <span class="tag" translate={false}>
            {category}
          </span>
        )}
        <span class="row-to">{say(words.sentTo, { unit: unitName(sentTo) })}</span>
      </span>
      {(content ?? reason) !== null && (
        <span class="row-what row-text" translate={false}>
          {content ?? reason}
        </span>
      )}
      <span class="row-who">
        {dealer !== null && <span translate={false}>{dealerName(dealer)} · </span>}
        <At at={raisedAt} />
      </span>
      {acknowledgedAt === null ? (
        <TimeLeft clock="acknowledge" dueAt={ackDueAt} unit={sentTo} provisional={provisional} />
      ) : (
        <span class="due">
          {say(words.acknowledged)} <At at={acknowledgedAt} />
        </span>
      )}
    </>
  )
}

/** The oldest acknowledgement due first. */
export const OpenWarnings = () => {
  const hasAcknowledged = useSignal(false)
  const status = hasAcknowledged.value ? 'open,acknowledged' : 'open'
  const list = useList<WarningAnswer>(`/v1/warnings?status=${status}`, isTicketItem)
  return (
    <RowList
      list={list}
      title={say(hasAcknowledged.value ? words.openWarnings : words.warnings)}
      empty={say(words.noWarnings)}
      keyOf={({ warningId }) => warningId}
      ticketNoOf={({ ticketNo }) => ticketNo}
      render={(warning) => <WarningRow warning={warning} />}
    >
      <Check
        text={say(words.withAcknowledged)}
        isOn={hasAcknowledged.value}
        onChange={(isOn) => {
          hasAcknowledged.value = isOn
        }}
      />
    </RowList>
  )
}

const Escalations = () => (
  <TicketQueue
    path="/v1/escalations?state=open&sort=dueAt"
    title={words.escalations}
    empty={words.noEscalations}
    concerns={isTicketItem}
  />
)

const DueNext = () => {
  const tier = desk.value === 'se_media' ? 'se_media' : 'se'
  const isOurs = useSignal(true)
  return (
    <TicketQueue
      path={`/v1/tickets?state=open&sort=dueAt${isOurs.value ? `&tier=${tier}` : ''}`}
      title={words.next}
      empty={words.nothingDue}
      concerns={isTicketItem}
    >
      <Check
        text={say(words.ours)}
        isOn={isOurs.value}
        onChange={(isOn) => {
          isOurs.value = isOn
        }}
      />
    </TicketQueue>
  )
}

export const SeDesk = () => (
  <div class="lists">
    <OpenWarnings />
    <Escalations />
    <DueNext />
  </div>
)
