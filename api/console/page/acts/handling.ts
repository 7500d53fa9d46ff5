/** Acts of those who handle a ticket. */
import { signal } from '@preact/signals'
import { get } from '../core/api.ts'
import { choicesOf, label } from '../core/codes.ts'
import { language } from '../core/words.ts'
import type { TicketAct } from './act.ts'
import { coded, note } from './fields.ts'
import { recordKindsFor, rights } from './rights.ts'

type RootCause = { code: string; en: string; zh: string }
const rootCauses = signal<readonly RootCause[]>([])

const loadPolicy = async (): Promise<void> => {
  if (rootCauses.peek().length > 0) return
  rootCauses.value = (await get<{ rootCauses: RootCause[] }>('/v1/policy')).data.rootCauses
}

export const respond: TicketAct = {
  name: 'responses',
  words: { en: 'Respond', zh: '响应' },
  isMain: true,
  may: ({ ticket, me, now }) => rights.responses(ticket, me, now),
  fields: [
    coded('method', 'methods', { words: { en: 'How', zh: '联系方式' }, isRequired: true }),
    {
      name: 'reached',
      words: { en: 'The customer was reached', zh: '已联系到客户' },
      kind: 'check',
      initial: () => 'yes',
    },
    note,
    {
      name: 'promisedReplyAt',
      words: { en: 'Answer promised by (Shanghai time)', zh: '承诺回复时间（北京时间）' },
      kind: 'instant',
    },
  ],
}

export const record: TicketAct = {
  name: 'records',
  words: { en: 'Record work', zh: '记录处理' },
  isMain: true,
  may: ({ ticket, me, now }) => rights.records(ticket, me, now),
  fields: [
    {
      name: 'kind',
      words: { en: 'What', zh: '事项' },
      kind: 'choice',
      isRequired: true,
      choices: ({ ticket, me, now }) =>
        recordKindsFor(ticket, me, now).map((kind) => ({ value: kind, text: label('kinds', kind) })),
    },
    note,
  ],
}

export const close: TicketAct = {
  name: 'close',
  words: { en: 'Close', zh: '封闭' },
  isMain: true,
  caution: {
    en: 'Closing is final: a recurrence is a new ticket.',
    zh: '封闭后不可恢复，再次投诉将生成新工单。',
  },
  may: ({ ticket, me, now }) => rights.close(ticket, me, now),
  prepare: loadPolicy,
  fields: [
    { name: 'result', words: { en: 'Result', zh: '处理结果' }, kind: 'area', isRequired: true },
    { name: 'measures', words: { en: 'Measures', zh: '处理措施' }, kind: 'area', isRequired: true },
    {
      name: 'measuresDoneAt',
      words: { en: 'Measures done at (Shanghai time)', zh: '措施完成时间（北京时间）' },
      kind: 'instant',
    },
    {
      name: 'rootCauseCode',
      words: { en: 'Root cause', zh: '根本原因' },
      kind: 'choice',
      choices: () =>
        rootCauses.value.map(({ code, ...words }) => ({ value: code, text: words[language.value] ?? code })),
    },
    { name: 'rootCause', words: { en: 'Root cause in words', zh: '根本原因说明' }, kind: 'area' },
    { name: 'customerFeedback', words: { en: "Customer's feedback", zh: '客户反馈' }, kind: 'area' },
    coded('decision', 'decisions', { words: { en: 'What became of the demand', zh: '诉求处理决定' } }),
    coded('goodwillKind', 'goodwillKinds', { words: { en: 'Goodwill', zh: '善意补偿方式' } }),
    {
      name: 'goodwillAmount',
      words: { en: 'Goodwill, whole CNY', zh: '善意补偿金额（元）' },
      kind: 'number',
      isRequired: true,
      isAsked: ({ goodwillKind = '' }) => goodwillKind !== '',
    },
    { name: 'improvement', words: { en: 'Improvement', zh: '改进措施' }, kind: 'area' },
    {
      name: 'improvementDepartment',
      words: { en: 'Department that improves', zh: '改进部门' },
      kind: 'line',
    },
  ],
  advice: (values, { ticket }) =>
    [
      ticket.consumerInformedAt === null
        ? {
            en: 'Nobody has recorded yet that the consumer was informed.',
            zh: '尚未记录告知消费者受理及处理情况。',
          }
        : null,
      (values.rootCauseCode ?? '') === ''
        ? { en: 'No root cause is named.', zh: '尚未填写根本原因。' }
        : null,
      (values.customerFeedback ?? '').trim() === ''
        ? { en: "The customer's feedback is empty.", zh: '尚未填写客户反馈。' }
        : null,
      ticket.warnings.some(({ resolvedAt }) => resolvedAt === null)
        ? { en: 'A warning of this ticket is not resolved.', zh: '该工单仍有未处理的预警。' }
        : null,
    ].filter((each) => each !== null),
  body: ({ goodwillKind = '', goodwillAmount = '', measuresDoneAt = '', ...values }) => {
    const filled = Object.entries(values).filter(([, value]) => value.trim() !== '')
    return {
      ...Object.fromEntries(filled),
      ...(measuresDoneAt !== '' && { measuresDoneAt: `${measuresDoneAt}:00+08:00` }),
      ...(goodwillKind !== '' && { goodwill: { kind: goodwillKind, amount: Number(goodwillAmount) } }),
    }
  },
}

export const claim: TicketAct = {
  name: 'claim',
  words: { en: 'Claim', zh: '领单' },
  isMain: true,
  may: ({ ticket, me, now }) => rights.claim(ticket, me, now),
  fields: [
    {
      name: 'assignee',
      words: {
        en: 'Colleague to hand it to (user name); empty: yourself',
        zh: '转交同事（用户名），留空为本人',
      },
      kind: 'line',
    },
  ],
}

export const release: TicketAct = {
  name: 'release',
  words: { en: 'Release', zh: '退回领单' },
  may: ({ ticket, me, now }) => rights.release(ticket, me, now),
  fields: [],
}

export const raiseWarning: TicketAct = {
  name: 'warnings',
  words: { en: 'Raise a warning', zh: '发出预警' },
  may: ({ ticket, me, now }) => rights.warnings(ticket, me, now),
  fields: [
    {
      name: 'code',
      words: { en: 'Warning', zh: '预警类型' },
      kind: 'choice',
      isRequired: true,
      // one of a code may be open on an assignment
      choices: ({ ticket }) => {
        const open = ticket.warnings.filter(
          ({ raisedAt, resolvedAt }) => resolvedAt === null && raisedAt >= ticket.dispatchedAt,
        )
        return choicesOf('warningCodes')
          .filter(({ value }) => !open.some(({ code }) => code === value))
          .map(({ value, text }) => ({ value, text: `${value} ${text}` }))
      },
    },
    { name: 'reason', words: { en: 'Reason', zh: '原因' }, kind: 'area' },
  ],
}
