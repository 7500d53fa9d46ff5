/** Acts of the call centre on a ticket. */

import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { choicesOf, label } from '../core/codes.ts'
import { dealerName } from '../time/units.ts'
import type { ActSubject, FieldSpec, TicketAct, Values } from './act.ts'
import { coded, dealer, reason, ticketNo } from './fields.ts'
import { rights } from './rights.ts'

/** Each flag is a box of its own. */
const flagFields = (): FieldSpec[] =>
  choicesOf('flags').map(({ value, text }) => ({
    name: `flag ${value}`,
    words: { en: text, zh: text },
    kind: 'check',
  }))

export const logContact: TicketAct = {
  name: 'contacts',
  words: { en: 'Log a contact', zh: '记录来电' },
  isMain: true,
  may: ({ ticket, me, now }) => rights.contacts(ticket, me, now),
  fields: () => [
    coded('channel', 'channels', {
      words: { en: 'Channel', zh: '渠道' },
      isRequired: true,
      initial: () => 'phone',
    }),
    {
      name: 'content',
      words: { en: 'What the customer says', zh: '客户反映内容' },
      kind: 'area',
      isRequired: true,
    },
    ...flagFields(),
  ],
  body: ({ channel, content, ...values }) => ({
    channel,
    content,
    flags: choicesOf('flags').flatMap(({ value }) => (values[`flag ${value}`] === 'yes' ? [value] : [])),
  }),
}

export const callBack: TicketAct = {
  name: 'callbacks',
  words: { en: 'Record a callback', zh: '记录回访' },
  isMain: true,
  may: ({ ticket, me, now }) => rights.callbacks(ticket, me, now),
  fields: [
    coded('outcome', 'callbackOutcomes', { words: { en: 'Outcome', zh: '回访结果' }, isRequired: true }),
    { name: 'note', words: { en: 'Note', zh: '说明' }, kind: 'area' },
    {
      name: 'sameProblem',
      words: { en: 'The same problem: register the repeat', zh: '同一问题，登记为升级投诉' },
      kind: 'check',
      isAsked: ({ outcome }) => outcome === 'dissatisfied',
    },
    {
      name: 'score',
      words: { en: 'Score, 1 to 5', zh: '评分（1–5）' },
      kind: 'number',
      isAsked: ({ outcome = '' }) => outcome === 'satisfied' || outcome === 'dissatisfied',
    },
  ],
}

export const redispatch: TicketAct = {
  name: 'redispatch',
  words: { en: 'Redispatch', zh: '再分配' },
  may: ({ ticket, me, now }) => rights.redispatch(ticket, me, now),
  fields: [
    {
      name: 'to',
      words: { en: 'To', zh: '再分配至' },
      kind: 'choice',
      isRequired: true,
      choices: ({ ticket }) => [
        { value: 'other', text: label('tiers', 'dealer') },
        ...(['rbo', 'se'] as const)
          .filter((tier) => ticket.holder.tier !== tier && (tier === 'se' || ticket.dealer !== null))
          .map((tier) => ({ value: tier, text: label('tiers', tier) })),
        ...(ticket.dealer !== null && ticket.holder.tier !== 'dealer'
          ? [{ value: 'dealer', text: dealerName(ticket.dealer) ?? '' }]
          : []),
      ],
    },
    dealer({ isRequired: true, isAsked: ({ to }) => to === 'other' }),
    reason,
    { name: 'misrouted', words: { en: 'It was misrouted', zh: '属于错派' }, kind: 'check' },
  ],
  body: ({ to, dealerCode, reason, misrouted }) => ({
    ...(to === 'other' ? { dealerCode } : { tier: to }),
    reason,
    misrouted: misrouted === 'yes',
  }),
}

export const linkRepeat: TicketAct = {
  name: 'repeat-link',
  words: { en: 'Link a repeat', zh: '关联升级投诉' },
  may: ({ ticket, me, now }) => rights['repeat-link'](ticket, me, now),
  fields: [ticketNo, reason],
}

export const unlinkRepeat: TicketAct = {
  name: 'repeat-unlink',
  words: { en: 'Unlink the repeat', zh: '取消关联' },
  may: ({ ticket, me, now }) => rights['repeat-unlink'](ticket, me, now),
  fields: [{ ...ticketNo, initial: ({ ticket }) => ticket.escalatedTo ?? '' }, reason],
}

const customerFields = {
  name: { en: 'Name', zh: '姓名' },
  phone: { en: 'Phone', zh: '电话' },
  customerId: { en: 'Customer number', zh: '客户编号' },
  email: { en: 'E-mail', zh: '电子邮件' },
  address: { en: 'Address', zh: '地址' },
  contactPerson: { en: 'Contact person', zh: '联系人' },
} as const
const vehicleFields = {
  vin: { en: 'VIN', zh: '底盘号' },
  plateNo: { en: 'Plate no.', zh: '车牌号' },
  model: { en: 'Model', zh: '车型' },
} as const

const known = (part: object | null, name: string): string => {
  const value = (part as Record<string, unknown> | null)?.[name]
  return value === null || value === undefined ? '' : String(value)
}

/** The fields that differ from the ticket's; `null` empties one. */
const changesOf = (
  part: object | null,
  names: readonly string[],
  values: Values,
): Record<string, string | null> =>
  Object.fromEntries(
    names
      .filter((name) => (values[name] ?? '').trim() !== known(part, name))
      .map((name) => [name, (values[name] ?? '').trim() || null]),
  )

const correctedBody = (values: Values, { ticket }: ActSubject) => {
  const customer = changesOf(ticket.customer, Object.keys(customerFields), values)
  const vehicle = changesOf(ticket.vehicle, Object.keys(vehicleFields), values)
  return {
    ...(Object.keys(customer).length > 0 && { customer }),
    ...(Object.keys(vehicle).length > 0 && { vehicle }),
    reason: values.reason,
  }
}

const personField =
  (part: (ticket: TicketAnswer) => object | null) =>
  ([name, words]: [string, FieldSpec['words']]): FieldSpec => ({
    name,
    words,
    kind: 'line',
    initial: ({ ticket }) => known(part(ticket), name),
  })

export const correct: TicketAct = {
  name: 'correct',
  words: { en: 'Correct customer or vehicle', zh: '更正客户或车辆信息' },
  may: ({ ticket, me, now }) => rights.correct(ticket, me, now),
  fields: [
    ...Object.entries(customerFields).map(personField(({ customer }) => customer)),
    ...Object.entries(vehicleFields).map(personField(({ vehicle }) => vehicle)),
    reason,
  ],
  body: correctedBody,
}
