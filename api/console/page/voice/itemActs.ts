/** Acts on one item of a sheet (rulebook §16): its plan, its judgement, its case. */
import type { TicketAct } from '../acts/act.ts'
import { say } from '../core/words.ts'
import { filled, loadPolicy, type OfItem, type OfSheet, policy, textOf } from './act.ts'
import { endOfDay } from './due.ts'
import { itemRights } from './rights.ts'
import { voiceWords as words } from './words.ts'

/** Whether no plan of the sheet may be moved any more: the last of them has ended. */
const haveEnded = ({ sheet, now }: OfSheet): boolean =>
  sheet.items.every(({ plan }) => plan === null || endOfDay(plan.endsOn) < now)

const changePlan: TicketAct<OfItem> = {
  name: 'plans',
  words: { en: 'Change the plan', zh: '变更计划' },
  may: ({ sheet, item, me }) => itemRights.plans(sheet, item, me),
  prepare: loadPolicy,
  path: (_, { item }) => `plans/${encodeURIComponent(item.itemId)}`,
  fields: [
    {
      name: 'measure',
      words: words.measure,
      kind: 'area',
      isRequired: true,
      initial: ({ item }) => item.plan?.measure ?? '',
    },
    {
      name: 'person',
      words: words.person,
      kind: 'line',
      isRequired: true,
      initial: ({ item }) => item.plan?.person ?? '',
    },
    {
      name: 'endsOn',
      words: words.endsOn,
      kind: 'date',
      isRequired: true,
      initial: ({ item }) => item.plan?.endsOn ?? '',
      isAsked: (_, subject) => !haveEnded(subject),
    },
    { name: 'note', words: words.note, kind: 'area', isRequired: true },
  ],
  advice: (values, { item: { plan } }) =>
    ['measure', 'person', 'endsOn'].every(
      (name) => textOf(values, name) === (plan?.[name as 'measure'] ?? '') || textOf(values, name) === '',
    )
      ? [{ en: 'Nothing of the plan is changed yet.', zh: '计划内容尚未变更。' }]
      : [],
  body: (values, { item: { plan } }) => ({
    ...Object.fromEntries(
      (['measure', 'person', 'endsOn'] as const)
        .filter((name) => textOf(values, name) !== '' && textOf(values, name) !== plan?.[name])
        .map((name) => [name, textOf(values, name)]),
    ),
    note: textOf(values, 'note'),
  }),
}

const judge: TicketAct<OfItem> = {
  name: 'judge',
  words: { en: 'Judge', zh: '评价' },
  isMain: true,
  caution: { en: 'An item is judged once.', zh: '每个条目只能评价一次。' },
  may: ({ sheet, item, me }) => itemRights.judge(sheet, item, me),
  fields: [
    {
      name: 'effective',
      words: words.judgement,
      kind: 'choice',
      isRequired: true,
      choices: () => [
        { value: 'yes', text: say(words.effective) },
        { value: 'no', text: say(words.ineffective) },
      ],
    },
    { name: 'note', words: words.note, kind: 'area' },
  ],
  body: (values, { item: { itemId } }) => ({
    itemId,
    effective: values.effective === 'yes',
    ...(textOf(values, 'note') !== '' && { note: textOf(values, 'note') }),
  }),
}

const isInRange = (text: string): boolean => {
  const amount = Number(text)
  const { publishedFrom, publishedTo } = policy.value ?? { publishedFrom: 0, publishedTo: amount }
  return Number.isInteger(amount) && amount >= publishedFrom && amount <= publishedTo
}

const publish: TicketAct<OfItem> = {
  name: 'publish',
  words: { en: 'Publish as a good case', zh: '发布优秀案例' },
  caution: { en: 'The amount is booked in the ledger.', zh: '金额将记入台账。' },
  may: ({ sheet, item, me }) => itemRights.publish(sheet, item, me),
  prepare: loadPolicy,
  fields: () => {
    const range = policy.value
    return [
      { name: 'title', words: words.caseTitle, kind: 'line', isRequired: true },
      {
        name: 'amount',
        words: words.amount,
        kind: 'number',
        isRequired: true,
        fault: (text) => (isInRange(text) ? null : words.amountFault),
        ...(range !== null && {
          hint: filled(words.amountHint, { from: range.publishedFrom, to: range.publishedTo }),
        }),
      },
    ]
  },
  body: (values, { item: { itemId } }) => ({
    itemId,
    title: textOf(values, 'title'),
    amount: Number(textOf(values, 'amount')),
  }),
}

/** Every act on one item of a sheet. */
const itemActs: readonly TicketAct<OfItem>[] = [changePlan, judge, publish]

/** Those the user may do now. */
export const itemActsFor = (subject: OfItem): TicketAct<OfItem>[] =>
  itemActs.filter((act) => act.may(subject))
