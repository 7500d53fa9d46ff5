/** F2, the early-warning form 客户投诉升级预警单 (rulebook §10). */
import { warningCodes } from '../../domain/codes.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { timeOf } from '../../domain/shanghaiTime.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import type { Warning } from '../../domain/ticket/state.ts'
import { type CaseFile, dealerName, footOf, unitName, workingDealer } from './caseFile.ts'
import { type Html, html } from './html.ts'
import { formPage } from './page.ts'
import {
  boxes,
  dateField,
  dayField,
  field,
  headRow,
  row,
  section,
  signatures,
  signingRow,
  textRow,
  timeField,
} from './parts.ts'

type Cause = { data: { text: SealedText }; metadata: StoredEvent['metadata'] }

/** When the customer last spoke before the warning; for one that the registration itself raised, that one. */
const causeOf = ({ events }: CaseFile, { warningId }: Warning): Cause | undefined => {
  const raised = events.findIndex(
    (event) => event.type === 'WarningRaised' && event.data.warningId === warningId,
  )
  const isCause = (event: TicketEvent & Pick<StoredEvent, 'metadata'>): boolean =>
    event.type === 'ContactLogged' ||
    (event.type === 'TicketRegistered' && event.metadata.commandId === events[raised]?.metadata.commandId)
  return events.slice(0, raised).findLast(isCause) as Cause | undefined
}

const reasonBoxes = (chosen: string): Html =>
  html`<div class="stack">${boxes(
    Object.entries(warningCodes).map(([code, { zh }]) => ({
      label: `${code} ${zh}`,
      ticked: code === chosen,
    })),
  )}</div>`

const vehicleSection = (file: CaseFile, firstComplainedAt: Instant | null): Html => {
  const { customer, vehicle } = file.reader.person(file.ticket.customer)
  const mileage =
    vehicle.mileageKm === null ? html`<span class="unit">公里</span>` : `${vehicle.mileageKm} 公里`
  return section('基本信息', [
    row(field('电话', customer.phone), field('车牌号', vehicle.plateNo), field('车型', vehicle.model)),
    row(field('行驶里程', mileage), field('涉及SST', dealerName(file, workingDealer(file)), 3)),
    row(timeField('首次投诉日期', firstComplainedAt), dayField('购车日期', vehicle.purchasedOn, 3)),
  ])
}

/**
 * The form of one warning as a page. `firstComplainedAt`: when the customer first complained of the problem, `null`
 * where that is not for the reader to know.
 */
export const warningForm = (file: CaseFile, warning: Warning, firstComplainedAt: Instant | null): string => {
  const { ticket, reader } = file
  const { reason = null } = reader.text(warning.reason)
  const { result = null } = reader.text(warning.result)
  const cause = causeOf(file, warning)
  const { content = null } = cause === undefined ? {} : reader.text(cause.data.text)
  // a handler's response may raise it too, but the calls were taken by the call centre
  const agent = warning.byHand || cause === undefined ? warning.raisedBy : cause.metadata.actor.id
  return formPage({
    formNo: 'F2',
    title: '客户投诉升级预警单',
    subject: warning.warningId,
    band: [html`预警编号：${warning.warningId}`, html`预警时间：${timeOf(warning.raisedAt)}`],
    head: headRow(
      '工单号',
      ticket.ticketNo,
      field('客户姓名', reader.person(ticket.customer).customer.name, 3),
    ),
    sections: [
      vehicleSection(file, firstComplainedAt),
      section('升级预警', [
        row(
          field('发出单位', unitName(file, warning.from)),
          field('接收单位', unitName(file, warning.sentTo), 3),
        ),
        textRow('再次投诉内容', [content], { lines: 9 }),
        textRow('预警原因', [reason], { lines: 2, above: reasonBoxes(warning.code) }),
        signingRow(field('客服专员工号', agent), signatures(['组长签字', '主管签字'], { columns: 4 })),
      ]),
      section('处理结果', [
        textRow('职能部门处理结果', [result], { lines: 9 }),
        signingRow(field('处理人', warning.resolvedBy, 3), dateField('日期', warning.resolvedAt)),
      ]),
    ],
    foot: footOf(file),
  })
}
