/** The quarter's assessment: each RBO's dealers by rank, what they get or pay, and where it comes from. */
import { useSignal } from '@preact/signals'
import type { AssessmentAnswer } from '../../../reports/assessmentAnswer.ts'
import { now } from '../core/clock.ts'
import { money } from '../core/money.ts'
import { say } from '../core/words.ts'
import { atRest, useAnswer } from '../lists/answer.ts'
import { Choose } from '../reports/Choose.tsx'
import { ChooseQuarter } from '../reports/ChooseQuarter.tsx'
import { quarterOf } from '../reports/quarters.ts'
import { percent } from '../reports/RateBar.tsx'
import { Report } from '../reports/Report.tsx'
import { RowKey } from '../reports/RowKey.tsx'
import { reportWords } from '../reports/words.ts'
import { instant } from '../time/format.ts'
import { rbos } from '../time/units.ts'
import { Scroll } from '../ui/Scroll.tsx'
import type { DealerRow } from './assessment.ts'
import { Explanation } from './Explanation.tsx'
import { ScoreChart } from './ScoreChart.tsx'
import { Settling } from './Settling.tsx'
import { hqWords as words } from './words.ts'

/** The rulebook's limit, until the policy is read. */
const usualLimit = 40
const columns = 9

type RowProps = { row: DealerRow; path: string; isOpen: boolean; onOpen(): void }

const Row = ({ row, path, isOpen, onOpen }: RowProps) => (
  <>
    <tr class={`outcome-${row.outcome}`}>
      <td>{row.rank ?? '–'}</td>
      <RowKey
        name={row.name}
        isOpen={isOpen}
        title={say(isOpen ? words.hide : words.explain)}
        onOpen={onOpen}
      />
      <td>{row.total}</td>
      <td>{percent(row.responseRate)}</td>
      <td>{percent(row.closeRate)}</td>
      <td>{percent(row.firstTimeResolutionRate)}</td>
      <td>
        <strong>{row.score === null ? '–' : row.score.toFixed(2)}</strong>
      </td>
      <td>{row.deliveries ?? '–'}</td>
      <td>
        <span class={`tag outcome-tag-${row.outcome}`}>{say(words[row.outcome])}</span>{' '}
        {row.amount !== 0 && <span translate={false}>{money(row.amount)}</span>}
      </td>
    </tr>
    {isOpen && (
      <tr class="detail">
        <td colSpan={columns}>
          <Explanation path={path} />
        </td>
      </tr>
    )}
  </>
)

type OfRbo = {
  code: string
  dealers: readonly DealerRow[]
  penaltyBelow: number
  pathOf(dealer: string): string
}

const OfRbo = ({ code, dealers, penaltyBelow, pathOf }: OfRbo) => {
  const open = useSignal<string | null>(null)
  const name = rbos.value.get(code)?.name ?? code
  return (
    <section class="rbo" aria-label={name}>
      <h3 translate={false}>{name}</h3>
      <ScoreChart title={say(words.scores, { rbo: name })} dealers={dealers} penaltyBelow={penaltyBelow} />
      <Scroll label={name}>
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{say(words.rank)}</th>
              <th scope="col">{say(reportWords.dealer)}</th>
              <th scope="col">{say(reportWords.units)}</th>
              <th scope="col">{say(reportWords.response)}</th>
              <th scope="col">{say(reportWords.close)}</th>
              <th scope="col">{say(reportWords.firstTime)}</th>
              <th scope="col">{say(words.score)}</th>
              <th scope="col">{say(words.deliveries)}</th>
              <th scope="col">{say(words.outcome)}</th>
            </tr>
          </thead>
          <tbody>
            {dealers.map((row) => (
              <Row
                key={row.dealer}
                row={row}
                path={pathOf(row.dealer)}
                isOpen={open.value === row.dealer}
                onOpen={() => {
                  open.value = open.value === row.dealer ? null : row.dealer
                }}
              />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}

type Revisions = { items: { revision: number; at: string }[] }

export const Assessment = () => {
  const quarter = useSignal(quarterOf(now.peek()))
  const revision = useSignal('')
  const asked = revision.value === '' ? '' : `?revision=${revision.value}`
  const path = `/v1/assessments/${quarter.value}`
  const { answer, problem, readAgain } = useAnswer<AssessmentAnswer>(`${path}${asked}`)
  const revisions = useAnswer<Revisions>(`${path}/revisions`)
  const policy = useAnswer<{ penaltyBelow: number }>('/v1/policy', atRest)
  const made = revisions.answer.value?.items ?? []
  const shown = answer.value
  return (
    <Report
      title={say(words.assessment)}
      problem={problem.value}
      isLoading={shown === null}
      head={
        <>
          <ChooseQuarter
            chosen={quarter}
            onChosen={() => {
              revision.value = ''
            }}
          />
          {made.length > 0 && (
            <Choose
              text={say(words.revision)}
              chosen={revision}
              choices={[
                { value: '', text: String(made.length) },
                { value: 'live', text: say(words.live) },
                ...made
                  .slice(0, -1)
                  .map((_, index) => ({ value: String(index + 1), text: String(index + 1) }))
                  .reverse(),
              ]}
            />
          )}
        </>
      }
    >
      {shown !== null && (
        <>
          <p class="hint">
            {shown.status === 'frozen'
              ? say(words.frozenAs, { revision: shown.revision ?? '', at: instant(shown.asOf, 'long') })
              : say(words.liveAs, { at: instant(shown.asOf, 'long') })}
          </p>
          <Settling
            assessment={shown}
            onDone={() => {
              readAgain()
              revisions.readAgain()
            }}
          />
          {shown.rbos.length === 0 && <p class="empty">{say(words.nobody)}</p>}
          {shown.rbos.map(({ rbo, dealers }) => (
            <OfRbo
              key={rbo}
              code={rbo}
              dealers={dealers}
              penaltyBelow={policy.answer.value?.penaltyBelow ?? usualLimit}
              pathOf={(dealer) => `${path}/dealers/${encodeURIComponent(dealer)}${asked}`}
            />
          ))}
        </>
      )}
    </Report>
  )
}
