/** Acts of headquarters' desks on a ticket. */
import { categoryChoices } from '../core/codes.ts'
import type { TicketAct } from './act.ts'
import { coded, dealer, reason, ticketNo } from './fields.ts'
import { rights } from './rights.ts'

export const reclassify: TicketAct = {
  name: 'reclassify',
  words: { en: 'Reclassify', zh: '变更分类' },
  may: ({ ticket, me, now }) => rights.reclassify(ticket, me, now),
  fields: [
    {
      name: 'category',
      words: { en: 'Category', zh: '分类' },
      kind: 'choice',
      isRequired: true,
      choices: ({ ticket }) => categoryChoices().filter(({ value }) => value !== ticket.category),
    },
    coded('source', 'sources', {
      words: { en: 'Source', zh: '来源' },
      isAsked: ({ category }) => category === 'B4',
    }),
    dealer({
      hint: {
        en: 'Only where the new tier is a dealer or an RBO.',
        zh: '仅当新的处理层级为经销商或品牌营销大区时填写。',
      },
      isAsked: ({ category = '' }, { ticket }) =>
        ticket.dealer === null && category !== '' && category !== 'B4',
    }),
    reason,
  ],
}

export const nameResponsibleDealer: TicketAct = {
  name: 'responsible-dealer',
  words: { en: 'Name the responsible dealer', zh: '指定责任经销商' },
  isMain: true,
  may: ({ ticket, me, now }) => rights['responsible-dealer'](ticket, me, now),
  fields: [dealer({ isRequired: true })],
}

export const weigh: TicketAct = {
  name: 'weight',
  words: { en: 'Severity and remedy', zh: '严重程度与诉求' },
  may: ({ ticket, me, now }) => rights.weight(ticket, me, now),
  fields: [
    coded('severity', 'severities', {
      words: { en: 'Severity', zh: '严重程度' },
      initial: ({ ticket }) => ticket.severity ?? '',
    }),
    {
      name: 'safety',
      words: { en: 'A danger to people is claimed', zh: '客户称涉及人身安全' },
      kind: 'check',
      initial: ({ ticket }) => (ticket.safety ? 'yes' : ''),
    },
    coded('remedy', 'remedies', {
      words: { en: 'Remedy sought', zh: '客户诉求' },
      initial: ({ ticket }) => ticket.remedy ?? '',
    }),
    {
      name: 'remedyText',
      words: { en: 'Remedy in words', zh: '诉求说明' },
      kind: 'area',
      initial: ({ ticket }) => ticket.remedyText ?? '',
    },
    reason,
  ],
  body: ({ severity = '', safety, remedy = '', remedyText = '', reason }, { ticket }) => ({
    severity: severity || null,
    safety: safety === 'yes',
    remedy: remedy || null,
    // it is sealed again each time, so only where it differs
    ...(remedyText.trim() !== (ticket.remedyText ?? '') && { remedyText: remedyText.trim() || null }),
    reason,
  }),
}

export const rescind: TicketAct = {
  name: 'rescind',
  words: { en: 'Rescind', zh: '撤销工单' },
  caution: { en: 'This cannot be undone.', zh: '此操作不可撤回。' },
  may: ({ ticket, me, now }) => rights.rescind(ticket, me, now),
  fields: [reason],
}

export const markDuplicate: TicketAct = {
  name: 'duplicate-of',
  words: { en: 'Mark as a duplicate', zh: '标记为重复' },
  may: ({ ticket, me, now }) => rights['duplicate-of'](ticket, me, now),
  fields: [ticketNo, reason],
}

export const undoDuplicate: TicketAct = {
  name: 'duplicate-undo',
  words: { en: 'Undo the duplicate', zh: '撤销重复标记' },
  may: ({ ticket, me, now }) => rights['duplicate-undo'](ticket, me, now),
  fields: [reason],
}

export const convertToC: TicketAct = {
  name: 'convert-to-c',
  words: { en: 'Convert to C', zh: '升级至C类' },
  caution: { en: 'This cannot be undone.', zh: '此操作不可撤回。' },
  may: ({ ticket, me, now }) => rights['convert-to-c'](ticket, me, now),
  fields: [reason],
}

export const recalculate: TicketAct = {
  name: 'recalculate',
  words: { en: 'Recalculate deadlines', zh: '重新计算期限' },
  may: ({ ticket, me, now }) => rights.recalculate(ticket, me, now),
  fields: [reason],
}
