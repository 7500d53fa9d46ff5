/** F1, the complaint handling form 客户抱怨/投诉处理表 (rulebook §10). */
import {
  callbackOutcomes,
  channels,
  decisions,
  goodwillKinds,
  levels,
  remedies,
  severities,
} from '../../domain/codes.ts'
import { timeOf } from '../../domain/shanghaiTime.ts'
import { routes } from '../../domain/ticket/routing.ts'
import { currentAssignment } from '../../domain/ticket/state.ts'
import type { Text } from '../commands/tickets/personal.ts'
import { type CaseFile, dealerName, eventsOf, footOf, unitName, workingDealer } from './caseFile.ts'
import { type Html, html } from './html.ts'
import { formPage } from './page.ts'
import {
  boxes,
  dayField,
  entry,
  type FormRow,
  field,
  headRow,
  row,
  section,
  signatures,
  signingRow,
  textRow,
  ticked,
  timeField,
} from './parts.ts'

/** Only the letter: its meaning is too long for a box. */
const levelBoxes = (chosen: string): Html =>
  boxes(Object.keys(levels).map((code) => ({ label: code, ticked: code === chosen })))

/** Who of the dealer's people answered the customer last. */
const careAgent = (file: CaseFile): string | null => {
  const dealer = workingDealer(file)
  const own = eventsOf(file, 'ResponseRecorded').findLast(
    ({ data, metadata }) =>
      data.countsFor !== null && data.unit === dealer && metadata.actor.role === 'dealer',
  )
  return own?.metadata.actor.id ?? null
}

/** What was noted of the work of one kind, oldest first. */
const notes = (file: CaseFile, kind: 'investigation' | 'measure'): Html[] =>
  eventsOf(file, 'WorkRecorded').flatMap(({ data, metadata }) => {
    const note = data.kind === kind ? file.reader.text(data.text).note : null
    return note ? [entry(metadata.recordedAt, note)] : []
  })

const customerSection = (file: CaseFile): Html => {
  const { ticket, reader } = file
  const { customer, vehicle } = reader.person(ticket.customer)
  return section('客户信息', [
    row(field('客户姓名', customer.name), field('地址', customer.address, 3)),
    row(
      field('邮编', customer.postcode),
      field('联系人', customer.contactPerson),
      field('电话', customer.phone),
    ),
    row(
      field('传真', customer.fax),
      dayField('购车日期', vehicle.purchasedOn),
      timeField('投诉日期', ticket.receivedAt),
    ),
    row(
      field('投诉次数', `第 ${ticket.ordinal} 次`),
      field('车型', vehicle.model),
      field('底盘号/VIN', vehicle.vin),
    ),
    row(
      field('发动机号', vehicle.engineNo),
      field('销售顾问', vehicle.salesConsultant),
      field('关爱专员', careAgent(file)),
    ),
  ])
}

/** Only where somebody said so: the brand's own form has no such rows. */
const weightRows = ({ ticket, reader }: CaseFile): FormRow[] => {
  const { severity, safety, remedy } = ticket
  const { remedyText = null } = reader.text(ticket.remedyText)
  const weight = row(
    field('严重程度', ticked(severities, severity), 3),
    field('涉及人身安全', boxes([{ label: '是', ticked: safety }])),
  )
  return [
    ...(severity !== null || safety ? [weight] : []),
    ...(remedy === null ? [] : [row(field('客户诉求', ticked(remedies, remedy), 5))]),
    ...(remedyText === null ? [] : [textRow('诉求说明', [remedyText], { lines: 1 })]),
  ]
}

const complaintSection = (file: CaseFile): Html => {
  const { ticket, reader } = file
  const { content = null, initialCause = null } = reader.text(ticket.text)
  const holder = currentAssignment(ticket)
  return section('投诉受理', [
    row(field('投诉渠道', ticked(channels, ticket.channel), 3), field('投诉等级', levelBoxes(ticket.level))),
    textRow('投诉内容', [content], { lines: 3 }),
    textRow('初步原因', [initialCause], { lines: 2 }),
    ...weightRows(file),
    signingRow(signatures(['关爱专员签字', '关爱总监签字'], { columns: 6 })),
    signingRow(
      timeField('移交时间', holder.startedAt),
      field('移交单位', unitName(file, holder)),
      signatures(['部门经理签字'], { columns: 2 }),
    ),
  ])
}

const decisionRows = ({ ticket }: CaseFile): FormRow[] => {
  const { decision = null, goodwill = null } = ticket.closing ?? {}
  if (decision === null && goodwill === null) return []
  const given = goodwill === null ? null : `${goodwillKinds[goodwill.kind].zh} ${goodwill.amount} 元`
  return [row(field('处理决定', ticked(decisions, decision), 3), field('善意补偿', given))]
}

const workSection = (file: CaseFile, closing: Text): Html =>
  section('调查处理', [
    textRow('调查结果', [...notes(file, 'investigation'), closing.result ?? null], { lines: 3 }),
    textRow('处理措施', [...notes(file, 'measure'), closing.measures ?? null], { lines: 3 }),
    ...decisionRows(file),
    signingRow(
      timeField('措施完成时间', file.ticket.closing?.measuresDoneAt ?? null),
      signatures(['责任人签字'], { columns: 4 }),
    ),
  ])

const callbackSection = (file: CaseFile, closing: Text): Html => {
  const calls = eventsOf(file, 'CallbackRecorded')
  // the one that got through, else the last attempt
  const call = calls.findLast(({ data }) => data.outcome !== 'unreachable') ?? calls.at(-1)
  const calledAt = call === undefined ? null : (call.data.occurredAt ?? call.metadata.recordedAt)
  const note = call === undefined ? null : file.reader.text(call.data.text).note
  const said = calledAt !== null && note ? entry(calledAt, note) : null
  return section('客户回访', [
    textRow('客户反馈', [closing.customerFeedback ?? null, said], { lines: 2 }),
    row(field('回访结果', ticked(callbackOutcomes, call?.data.outcome ?? null), 5)),
    signingRow(timeField('回访时间', calledAt), signatures(['关爱专员签字'], { columns: 4 })),
  ])
}

const causeSection = (file: CaseFile, closing: Text): Html => {
  const code = file.ticket.closing?.rootCauseCode ?? null
  const cause = file.master.policy.values.rootCauses.find((each) => each.code === code)
  const known = [cause?.zh ?? code, closing.rootCause].filter((part) => part).join('：')
  return section('原因改进', [
    textRow('根本原因', [known], { lines: 2 }),
    textRow('经销商改进措施', [closing.improvement ?? null], { lines: 2 }),
    signingRow(
      field('改进部门', closing.improvementDepartment ?? null),
      signatures(['部门经理签字'], { columns: 4, dated: true }),
    ),
    signingRow(signatures(['关爱总监签字'], { columns: 6, dated: true })),
  ])
}

/** The form of a ticket as a page, filled with what is known and blank where nothing is. */
export const handlingForm = (file: CaseFile): string => {
  const { ticket, reader } = file
  const closing = ticket.closing === null ? {} : reader.text(ticket.closing.text)
  const { label } = routes[ticket.category]
  return formPage({
    formNo: 'F1',
    title: '客户抱怨/投诉处理表',
    subject: ticket.ticketNo,
    band: [
      html`经销商：${dealerName(file, workingDealer(file)) ?? '—'}`,
      html`细分类：${ticket.category} ${label.zh}`,
    ],
    head: headRow('受理日期', timeOf(ticket.registeredAt), field('受理编号', ticket.ticketNo, 3)),
    sections: [
      customerSection(file),
      complaintSection(file),
      workSection(file, closing),
      callbackSection(file, closing),
      causeSection(file, closing),
    ],
    foot: footOf(file),
  })
}
