/** Where a dealer's score comes from: what every unit costs, and what does not count. */
import type { ExplanationAnswer } from '../../../reports/dealerExplanation.ts'
import { label } from '../core/codes.ts'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { atRest, useAnswer } from '../lists/answer.ts'
import { listWords } from '../lists/words.ts'
import { percent } from '../reports/RateBar.tsx'
import { measureNames, Verdict } from '../reports/Units.tsx'
import { reportWords } from '../reports/words.ts'
import { instant } from '../time/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { hqWords as words } from './words.ts'

const TicketLink = ({ ticketNo }: { ticketNo: string }) => (
  <a href={hrefOf({ screen: route.value.screen, ticketNo })} translate={false}>
    {ticketNo}
  </a>
)

export const Explanation = ({ path }: { path: string }) => {
  const { answer, problem } = useAnswer<ExplanationAnswer>(path, atRest)
  if (problem.value !== null) return <ProblemNote problem={problem.value} />
  if (answer.value === null) return <p class="empty">{say(listWords.loading)}</p>
  const { measures, units, notCounted } = answer.value
  return (
    <div class="explanation">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{say(words.measure)}</th>
            <th scope="col">%</th>
            <th scope="col">{say(words.weight)}</th>
            <th scope="col">{say(words.perUnit)}</th>
            <th scope="col">{say(reportWords.met)}</th>
            <th scope="col">{say(reportWords.failed)}</th>
            <th scope="col">{say(reportWords.pending)}</th>
          </tr>
        </thead>
        <tbody>
          {measureNames.map((name) => {
            const { rate, weight, pointsPerUnit, met, failed, pending } = measures[name]
            return (
              <tr key={name}>
                <th scope="row">{say(reportWords[name])}</th>
                <td>{percent(rate)}</td>
                <td>{weight}%</td>
                <td>{pointsPerUnit === null ? '–' : say(words.points, { points: pointsPerUnit })}</td>
                <td>{met}</td>
                <td>{failed}</td>
                <td>{pending}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{say(reportWords.ticket)}</th>
            <th scope="col">{say(reportWords.dispatched)}</th>
            {measureNames.map((name) => (
              <th key={name} scope="col">
                {say(reportWords[name])}
              </th>
            ))}
            <th scope="col">{say(words.pointsLost)}</th>
          </tr>
        </thead>
        <tbody>
          {units.map((unit) => (
            <tr key={`${unit.ticketNo} ${unit.dispatchedAt}`}>
              <th scope="row">
                <TicketLink ticketNo={unit.ticketNo} />
              </th>
              <td class="whole" translate={false}>
                {instant(unit.dispatchedAt)}
              </td>
              {measureNames.map((name) => (
                <td key={name}>
                  <Verdict verdict={unit[name].verdict} />
                </td>
              ))}
              <td>{unit.pointsLost}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {notCounted.length > 0 && (
        <>
          <h3>{say(words.notCounted)}</h3>
          <ul>
            {notCounted.map(({ ticketNo, dispatchedAt, reason }) => (
              <li key={`${ticketNo} ${dispatchedAt}`}>
                <TicketLink ticketNo={ticketNo} /> <span translate={false}>{instant(dispatchedAt)}</span>{' '}
                {label('notCountedReasons', reason)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
