/** The quarter under other weights and limits, beside the present: nothing is recorded. */

import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { Policy } from '../../../../domain/policy.ts'
import type { WhatIfAnswer } from '../../../reports/whatIf.ts'
import { send } from '../core/api.ts'
import { now } from '../core/clock.ts'
import { money } from '../core/money.ts'
import { say, type Words } from '../core/words.ts'
import { atRest, useAnswer } from '../lists/answer.ts'
import { ChooseQuarter } from '../reports/ChooseQuarter.tsx'
import { quarterOf } from '../reports/quarters.ts'
import { Report } from '../reports/Report.tsx'
import { reportWords } from '../reports/words.ts'
import { rbos } from '../time/units.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { Scroll } from '../ui/Scroll.tsx'
import { useSending } from '../ui/sending.ts'
import type { DealerOutcome } from './assessment.ts'
import { hqWords } from './words.ts'

const words = {
  title: { en: 'What if', zh: '试算' },
  lead: {
    en: 'Move a slider and compute the quarter again. Nothing is recorded, nobody else sees it.',
    zh: '调整参数后重新计算本季度；不会记录，他人不可见。',
  },
  weightResponse: { en: 'Weight of response', zh: '及时响应率权重' },
  weightClose: { en: 'Weight of closing', zh: '及时封闭率权重' },
  weightFirstTime: { en: 'Weight of first-time resolution', zh: '一次解决率权重' },
  sum: { en: 'The weights add up to {sum}%; they must be 100%.', zh: '权重合计 {sum}%，应为 100%。' },
  rewardTop: { en: 'Rewarded ranks', zh: '奖励名次' },
  penaltyBelow: { en: 'Penalty below a score of', zh: '低于该得分处罚' },
  responseMinutes: { en: 'Response time of dealers, minutes', zh: '经销商响应时限（分钟）' },
  closeDays: { en: 'Days to close an A ticket', zh: 'A 类封闭时限（工作日）' },
  compute: { en: 'Compute', zh: '计算' },
  computing: { en: 'Computing …', zh: '计算中…' },
  same: { en: 'No dealer’s row would be another.', zh: '没有经销商受影响。' },
  changed: { en: '{count} dealers would stand otherwise', zh: '{count} 家经销商受影响' },
  field: { en: 'Figure', zh: '项目' },
  present: { en: 'Present', zh: '当前' },
  draft: { en: 'Draft', zh: '试算' },
  presentIs: { en: 'present {value} →', zh: '当前 {value} →' },
  percentOf: { en: '{value}%', zh: '{value}%' },
} as const satisfies Record<string, Words>

const fieldWords: Record<string, Words> = {
  total: reportWords.units,
  responseRate: reportWords.response,
  closeRate: reportWords.close,
  firstTimeResolutionRate: reportWords.firstTime,
  score: hqWords.score,
  rank: hqWords.rank,
  outcome: hqWords.outcome,
  amount: hqWords.amount,
}

const shown = (field: string, value: number | string | null): string => {
  if (value === null) return '–'
  if (field === 'amount') return value === 0 ? '–' : money(Number(value))
  if (field === 'outcome') return say(hqWords[value as DealerOutcome])
  return String(value)
}

type SliderProps = {
  text: string
  value: number
  /** In force now. */
  present: number
  range: readonly [number, number]
  onValue(value: number): void
}

const Slider = ({ text, value, present, range: [min, max], onValue }: SliderProps) => {
  const id = useId()
  return (
    <div class="slider">
      <label for={id}>{text}</label>
      <span>
        {value !== present && <span class="present">{say(words.presentIs, { value: present })}</span>}{' '}
        <output for={id}>{value}</output>
      </span>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={value}
        onInput={({ currentTarget }) => onValue(Number(currentTarget.value))}
      />
    </div>
  )
}

const draftOf = ({ weights, rewardTop, penaltyBelow, responseMinutes, closeWorkingDays }: Policy) => ({
  weights,
  rewardTop,
  penaltyBelow,
  responseMinutes,
  closeWorkingDays,
})

const Trial = ({ inForce }: { inForce: Policy }) => {
  const quarter = useSignal(quarterOf(now.peek()))
  const draft = useSignal(draftOf(inForce))
  const answer = useSignal<WhatIfAnswer | null>(null)
  const { isSending: isComputing, problem, run } = useSending()
  const { weights, responseMinutes, closeWorkingDays } = draft.value
  const sum = weights.response + weights.close + weights.firstTime

  const change = (more: Partial<Policy>): void => {
    draft.value = { ...draft.peek(), ...more }
    answer.value = null
  }
  const compute = (event: Event): void => {
    event.preventDefault()
    if (sum !== 100) return
    void run(async () => {
      const path = `/v1/assessments/${quarter.value}/what-if`
      answer.value = (await send<WhatIfAnswer>(path, { body: { policy: draft.value } })).data
    })
  }
  const setWeight = (name: keyof Policy['weights']) => (value: number) =>
    change({ weights: { ...weights, [name]: value } })
  return (
    <>
      <form class="trial" onSubmit={compute}>
        <ChooseQuarter
          chosen={quarter}
          onChosen={() => {
            answer.value = null
          }}
        />
        <Slider
          text={say(words.weightResponse)}
          value={weights.response}
          present={inForce.weights.response}
          range={[0, 100]}
          onValue={setWeight('response')}
        />
        <Slider
          text={say(words.weightClose)}
          value={weights.close}
          present={inForce.weights.close}
          range={[0, 100]}
          onValue={setWeight('close')}
        />
        <Slider
          text={say(words.weightFirstTime)}
          value={weights.firstTime}
          present={inForce.weights.firstTime}
          range={[0, 100]}
          onValue={setWeight('firstTime')}
        />
        {sum !== 100 && (
          <p class="fault" role="status">
            {say(words.sum, { sum })}
          </p>
        )}
        <Slider
          text={say(words.rewardTop)}
          value={draft.value.rewardTop}
          present={inForce.rewardTop}
          range={[0, 20]}
          onValue={(rewardTop) => change({ rewardTop })}
        />
        <Slider
          text={say(words.penaltyBelow)}
          value={draft.value.penaltyBelow}
          present={inForce.penaltyBelow}
          range={[0, 100]}
          onValue={(penaltyBelow) => change({ penaltyBelow })}
        />
        <Slider
          text={say(words.responseMinutes)}
          value={responseMinutes.dealer}
          present={inForce.responseMinutes.dealer}
          range={[15, 480]}
          onValue={(dealer) => change({ responseMinutes: { ...responseMinutes, dealer } })}
        />
        <Slider
          text={say(words.closeDays)}
          value={closeWorkingDays.A}
          present={inForce.closeWorkingDays.A}
          range={[1, 15]}
          onValue={(A) => change({ closeWorkingDays: { ...closeWorkingDays, A } })}
        />
        <p class="buttons">
          <button type="submit" class="primary" aria-disabled={isComputing.value || sum !== 100}>
            {say(isComputing.value ? words.computing : words.compute)}
          </button>
        </p>
      </form>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {answer.value !== null && <Changes changes={answer.value.changes} />}
    </>
  )
}

const Changes = ({ changes }: Pick<WhatIfAnswer, 'changes'>) => {
  if (changes.length === 0) return <p class="empty">{say(words.same)}</p>
  return (
    <>
      <h3>{say(words.changed, { count: changes.length })}</h3>
      <Scroll label={say(words.title)}>
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{say(reportWords.dealer)}</th>
              <th scope="col">{say(words.field)}</th>
              <th scope="col">{say(words.present)}</th>
              <th scope="col">{say(words.draft)}</th>
            </tr>
          </thead>
          <tbody>
            {changes.flatMap(({ dealer, name, rbo, fields }) =>
              fields.map(({ field, present, draft }, index) => (
                <tr key={`${dealer} ${field}`}>
                  {index === 0 && (
                    <th scope="rowgroup" rowSpan={fields.length} translate={false}>
                      {name}
                      <span class="row-who"> {rbos.value.get(rbo)?.name ?? rbo}</span>
                    </th>
                  )}
                  <td>{say(fieldWords[field] ?? words.field)}</td>
                  <td>{shown(field, present)}</td>
                  <td>
                    <strong>{shown(field, draft)}</strong>
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Scroll>
    </>
  )
}

export const WhatIf = () => {
  const { answer, problem } = useAnswer<Policy>('/v1/policy', atRest)
  return (
    <Report title={say(words.title)} hint={say(words.lead)} problem={problem.value}>
      {answer.value !== null && <Trial inForce={answer.value} />}
    </Report>
  )
}
