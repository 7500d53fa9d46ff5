/** The units behind a number, each with its ticket and its verdicts. */
import type { KpiUnitAnswer } from '../../../reports/kpi.ts'
import { label } from '../core/codes.ts'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { More } from '../lists/More.tsx'
import { listWords } from '../lists/words.ts'
import { instant } from '../time/format.ts'
import { dealers, rbos } from '../time/units.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { Scroll } from '../ui/Scroll.tsx'
import { reportWords as words } from './words.ts'

export const measureNames = ['response', 'close', 'firstTime'] as const

export const Verdict = ({ verdict }: { verdict: string | null }) =>
  verdict === null ? <>–</> : <span class={`tag verdict-${verdict}`}>{label('verdicts', verdict)}</span>

export const nameOfUnit = (code: string): string =>
  dealers.value.get(code)?.name ?? rbos.value.get(code)?.name ?? code

export const Units = ({ path }: { path: string }) => {
  const list = useList<KpiUnitAnswer>(path)
  if (list.problem.value !== null) return <ProblemNote problem={list.problem.value} />
  if (!list.isRead.value) return <p class="empty">{say(listWords.loading)}</p>
  return (
    <Scroll label={say(words.units)}>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{say(words.ticket)}</th>
            <th scope="col">{say(words.unit)}</th>
            <th scope="col">{say(words.dispatched)}</th>
            {measureNames.map((name) => (
              <th key={name} scope="col">
                {say(words[name])}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.rows.value.map((unit) => (
            <tr key={`${unit.ticketNo} ${unit.unit} ${unit.dispatchedAt}`}>
              <th scope="row">
                <a href={hrefOf({ screen: route.value.screen, ticketNo: unit.ticketNo })} translate={false}>
                  {unit.ticketNo}
                </a>
              </th>
              <td translate={false}>{nameOfUnit(unit.unit)}</td>
              <td class="whole" translate={false}>
                {instant(unit.dispatchedAt)}
              </td>
              {measureNames.map((name) => (
                <td key={name}>
                  <Verdict verdict={unit[name].verdict} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <More list={list} />
    </Scroll>
  )
}
