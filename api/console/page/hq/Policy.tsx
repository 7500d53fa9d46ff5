/** The policy as a form: the numbers the rulebook leaves open, in force, and a new version from an instant on. */
import { useSignal } from '@preact/signals'
import { instantOf } from '../acts/act.ts'
import { get, send } from '../core/api.ts'
import { say, type Words } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { Report } from '../reports/Report.tsx'
import { desk } from '../session/desk.ts'
import { instant } from '../time/format.ts'
import { Field } from '../ui/Field.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useSending } from '../ui/sending.ts'
import { uiWords } from '../ui/words.ts'

const words = {
  title: { en: 'Policy', zh: '规则参数' },
  lead: {
    en: 'Setting a version never moves a deadline that is running.',
    zh: '新版本不会改变已经开始的时限。',
  },
  version: { en: 'Version {version}, in force since {at}', zh: '第 {version} 版，自 {at} 起生效' },
  default: { en: 'The values of the rulebook: no version was set yet.', zh: '当前为规则手册的默认值。' },
  effectiveFrom: { en: 'In force from (empty: now)', zh: '生效时间（空为立即）' },
  saved: { en: 'Version {version} is set.', zh: '已设置第 {version} 版。' },
  responseDealer: { en: 'Response, dealers (minutes)', zh: '经销商响应时限（分钟）' },
  responseRbo: { en: 'Response, RBOs (minutes)', zh: '大区响应时限（分钟）' },
  closeA: { en: 'Close A (working days)', zh: 'A 类封闭时限（工作日）' },
  closeB: { en: 'Close B (working days)', zh: 'B 类封闭时限（工作日）' },
  repeatWindowDays: { en: 'Days in which a repeat counts', zh: '升级期限（天）' },
  warnW1: { en: 'W1 from so many calls', zh: 'W1 来电次数' },
  warnW2: { en: 'W2 from so many calls', zh: 'W2 来电次数' },
  ackMinutes: { en: 'Acknowledge a warning (minutes)', zh: '预警确认时限（分钟）' },
  callbackDays: { en: 'Callback within (days)', zh: '回访期限（天）' },
  weightResponse: { en: 'Weight of response (%)', zh: '及时响应率权重（%）' },
  weightClose: { en: 'Weight of closing (%)', zh: '及时封闭率权重（%）' },
  weightFirstTime: { en: 'Weight of first-time resolution (%)', zh: '一次解决率权重（%）' },
  rewardTop: { en: 'Rewarded ranks', zh: '奖励名次' },
  rewardAmount: { en: 'Reward (CNY)', zh: '奖励金额（元）' },
  penaltyBelow: { en: 'Penalty below a score of', zh: '低于该得分处罚' },
  penaltyAmount: { en: 'Penalty (CNY)', zh: '处罚金额（元）' },
  freezeWorkingDays: { en: 'Freeze after (working days)', zh: '冻结等待（工作日）' },
  notANumber: { en: 'must be a number.', zh: '应为数字。' },
} as const satisfies Record<string, Words>

type Values = { [name: string]: unknown }
type Answer = Values & { version: number; effectiveFrom: string | null }

/** The fields of the form, by the place of each in the policy. */
const fields = [
  ['responseMinutes.dealer', words.responseDealer],
  ['responseMinutes.rbo', words.responseRbo],
  ['closeWorkingDays.A', words.closeA],
  ['closeWorkingDays.B', words.closeB],
  ['repeatWindowDays', words.repeatWindowDays],
  ['warnCalls.W1', words.warnW1],
  ['warnCalls.W2', words.warnW2],
  ['ackMinutes', words.ackMinutes],
  ['callback.days', words.callbackDays],
  ['weights.response', words.weightResponse],
  ['weights.close', words.weightClose],
  ['weights.firstTime', words.weightFirstTime],
  ['rewardTop', words.rewardTop],
  ['rewardAmount', words.rewardAmount],
  ['penaltyBelow', words.penaltyBelow],
  ['penaltyAmount', words.penaltyAmount],
  ['freezeWorkingDays', words.freezeWorkingDays],
] as const satisfies readonly (readonly [string, Words])[]

const valueAt = (policy: Values, place: string): unknown =>
  place.split('.').reduce((found: unknown, key) => (found as Values)[key], policy)

const withValue = (policy: Values, place: string, value: number): Values => {
  const [first, second] = place.split('.') as [string, string | undefined]
  return {
    ...policy,
    [first]: second === undefined ? value : { ...(policy[first] as Values), [second]: value },
  }
}

const mayKeep = ['hq_sales', 'admin']

const Form = ({ inForce, onDone }: { inForce: Answer; onDone(): void }) => {
  const typed = useSignal<Readonly<Record<string, string>>>(
    Object.fromEntries(fields.map(([place]) => [place, String(valueAt(inForce, place))])),
  )
  const from = useSignal('')
  const saved = useSignal<number | null>(null)
  const { isSending, problem, run } = useSending()
  const isReadOnly = desk.value === null || !mayKeep.includes(desk.value)
  const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))

  const submit = (event: Event): void => {
    event.preventDefault()
    if (Object.values(typed.value).some((text) => !isNumber(text))) return
    void run(async (key) => {
      // the newest version is the one the user decides on
      const newest = await get<Answer>('/v1/policy')
      const { version: _, effectiveFrom: __, ...before } = newest.data
      const policy = fields.reduce<Values>(
        (values, [place]) => withValue(values, place, Number(typed.value[place])),
        before,
      )
      const { data } = await send<Answer>('/v1/policy', {
        method: 'PUT',
        body: { ...policy, ...(from.value !== '' && { effectiveFrom: instantOf(from.value) }) },
        key,
        ...(newest.version !== null && { ifMatch: newest.version }),
      })
      saved.value = data.version
      onDone()
    })
  }
  return (
    <form class="settings" onSubmit={submit} noValidate>
      <div class="filters">
        {fields.map(([place, text]) => (
          <Field
            key={place}
            kind="number"
            text={say(text)}
            value={typed.value[place] ?? ''}
            isRequired
            fault={isNumber(typed.value[place] ?? '') ? undefined : say(words.notANumber)}
            onValue={(value) => {
              typed.value = { ...typed.peek(), [place]: value }
            }}
          />
        ))}
        <Field
          kind="instant"
          text={say(words.effectiveFrom)}
          value={from.value}
          onValue={(value) => {
            from.value = value
          }}
        />
      </div>
      {problem.value !== null && <ProblemNote problem={problem.value} isWrite />}
      {saved.value !== null && (
        <p class="hint" role="status">
          {say(words.saved, { version: saved.value })}
        </p>
      )}
      {!isReadOnly && (
        <p class="buttons">
          <button type="submit" class="primary" aria-disabled={isSending.value}>
            {say(isSending.value ? uiWords.sending : uiWords.send)}
          </button>
        </p>
      )}
    </form>
  )
}

export const PolicyScreen = () => {
  const { answer, problem, readAgain } = useAnswer<Answer>('/v1/policy', false)
  const inForce = answer.value
  return (
    <Report
      title={say(words.title)}
      hint={say(words.lead)}
      problem={problem.value}
      isLoading={inForce === null}
    >
      {inForce !== null && (
        <>
          <p class="hint">
            {inForce.effectiveFrom === null
              ? say(words.default)
              : say(words.version, {
                  version: inForce.version,
                  at: instant(inForce.effectiveFrom, 'long'),
                })}
          </p>
          <Form key={inForce.version} inForce={inForce} onDone={readAgain} />
        </>
      )}
    </Report>
  )
}
