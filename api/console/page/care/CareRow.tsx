/** A care task in a list: the customer, the car, when it is due, and what is done with it. */
import type { CareTaskRowAnswer, TriageRowAnswer } from '../../../care/responseSchemas.ts'
import { now } from '../core/clock.ts'
import { label } from '../core/codes.ts'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { RowActs } from '../lists/RowActs.tsx'
import { desk } from '../session/desk.ts'
import { instant } from '../time/format.ts'
import { dealerName } from '../time/units.ts'
import { timeWords } from '../time/words.ts'
import type { CareAct } from './acts.tsx'
import { careWords as words } from './words.ts'

export type CareRowData = CareTaskRowAnswer & Partial<Pick<TriageRowAnswer, 'product' | 'service' | 'other'>>

const actsOf = (task: CareRowData): readonly CareAct[] => {
  if (desk.value === 'dealer') return task.status === 'open' || task.status === 'overdue' ? ['call'] : []
  const isJudge = desk.value === 'csr' || desk.value === 'csc_system'
  return isJudge && task.triage === 'open' ? ['complaint', 'dismiss'] : []
}

/** Care runs on natural days, so what is left of a due is no service time. */
const Due = ({ dueAt }: { dueAt: string }) => {
  const isOver = now.value >= Date.parse(dueAt)
  return (
    <span class={`due due-${isOver ? 'over' : 'calm'}`}>
      <span class={isOver ? 'due-main' : 'due-side'}>
        <time dateTime={dueAt}>
          {say(isOver ? timeWords.overdue : timeWords.due, { at: instant(dueAt) })}
        </time>
      </span>
    </span>
  )
}

const joined = (parts: readonly (string | null | undefined)[], comma: string): string =>
  parts.filter((part) => part != null && part !== '').join(comma)

type Props = { task: CareRowData; isTriage: boolean; onAct(act: CareAct): void }

export const CareRow = ({ task, isTriage, onAct }: Props) => {
  const { status, triage, callOutcome, attempts, ticketNo, customer, vehicle } = task
  const acts = actsOf(task)
  const isEnded = isTriage ? triage !== 'open' : task.endedAt !== null
  const dueAt = isTriage ? task.triageDueAt : task.dueAt
  const feedback = joined([task.product, task.service, task.other], ' · ')
  return (
    <>
      <span class="row-tags">
        <span class={`tag${!isTriage && status === 'overdue' ? ' tag-alert' : ''}`}>
          {isTriage && triage !== null
            ? label('triageStatuses', triage)
            : status !== null && label('careStatuses', status)}
        </span>
        {!isTriage && callOutcome !== null && (
          <span class={`tag${callOutcome === 'dissatisfied' ? ' tag-warn' : ''}`}>
            {label('careOutcomes', callOutcome)}
          </span>
        )}
        {!isTriage && attempts > 0 && <span class="tag">{say(words.attempts, { count: attempts })}</span>}
        {ticketNo !== null && (
          <a class="above" href={hrefOf({ screen: route.value.screen, ticketNo })} translate={false}>
            {ticketNo}
          </a>
        )}
      </span>
      <span class="row-what" translate={false}>
        <span class="whole">{customer.name}</span> <span class="whole">{customer.phone}</span>
      </span>
      {feedback !== '' && (
        <span class="row-what quote" translate={false}>
          {feedback}
        </span>
      )}
      <span class="row-who" translate={false}>
        {joined(
          [
            desk.value === 'dealer' ? null : dealerName(task.dealer),
            vehicle.plateNo ?? vehicle.vin,
            vehicle.model,
          ],
          ' · ',
        )}
      </span>
      {dueAt !== null && !isEnded && <Due dueAt={dueAt} />}
      <RowActs acts={acts} words={words} onAct={onAct} />
    </>
  )
}
