/** Care calls: a dealer's tasks by due, and the dissatisfied customers that the call centre judges (rulebook §15). */
import { useSignal } from '@preact/signals'
import type { CareTaskRowAnswer, TriageRowAnswer } from '../../../care/responseSchemas.ts'
import { ApiProblem } from '../core/api.ts'
import { choicesOf, label } from '../core/codes.ts'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { listWords } from '../lists/words.ts'
import { Choose } from '../reports/Choose.tsx'
import { Report } from '../reports/Report.tsx'
import { desk } from '../session/desk.ts'
import { openForm } from '../ticket/forms.ts'
import { instant } from '../time/format.ts'
import { dealerName } from '../time/units.ts'
import { Scroll } from '../ui/Scroll.tsx'
import { type CareAct, CareDialog, type Doing } from './acts.tsx'
import { careWords as words } from './words.ts'

type Row = CareTaskRowAnswer & Partial<Pick<TriageRowAnswer, 'product' | 'service' | 'other'>>

const actsOf = (task: Row): readonly CareAct[] => {
  if (desk.value === 'dealer') return task.status === 'open' || task.status === 'overdue' ? ['call'] : []
  const isJudge = desk.value === 'csr' || desk.value === 'csc_system'
  return isJudge && task.triage === 'open' ? ['complaint', 'dismiss'] : []
}

const State = ({ task, isTriage }: { task: Row; isTriage: boolean }) => (
  <>
    <span class="tag whole">
      {isTriage && task.triage !== null
        ? label('triageStatuses', task.triage)
        : task.status !== null && label('careStatuses', task.status)}
    </span>{' '}
    {!isTriage && task.callOutcome !== null && label('careOutcomes', task.callOutcome)}{' '}
    {!isTriage && task.attempts > 0 && say(words.attempts, { count: task.attempts })}{' '}
    {task.ticketNo !== null && (
      <a href={hrefOf({ screen: route.value.screen, ticketNo: task.ticketNo })} translate={false}>
        {task.ticketNo}
      </a>
    )}
  </>
)

type RowProps = { task: Row; isTriage: boolean; onAct(act: CareAct): void; onPrint(): void }

const TaskRow = ({ task, isTriage, onAct, onPrint }: RowProps) => {
  const dueAt = isTriage ? task.triageDueAt : task.dueAt
  return (
    <tr>
      <th scope="row">
        {label('careKinds', task.kind)}
        <span class="row-who" translate={false}>
          {' '}
          {dealerName(task.dealer)}
        </span>
      </th>
      <td translate={false}>
        <span class="whole">{task.customer.name}</span> <span class="whole">{task.customer.phone}</span>
      </td>
      <td translate={false}>
        <span class="whole">{task.vehicle.plateNo ?? task.vehicle.vin}</span> {task.vehicle.model}
      </td>
      {isTriage && (
        <td translate={false}>
          {[task.product, task.service, task.other].filter((said) => said != null).join(' · ')}
        </td>
      )}
      <td>
        <State task={task} isTriage={isTriage} />
      </td>
      <td translate={false}>{dueAt !== null && instant(dueAt)}</td>
      <td>
        <span class="buttons">
          {actsOf(task).map((act) => (
            <button key={act} type="button" data-act={act} onClick={() => onAct(act)}>
              {say(words[act])}
            </button>
          ))}
          {desk.value === 'dealer' && (
            <button type="button" class="quiet" data-act="print" onClick={onPrint}>
              {say(words.print)}
            </button>
          )}
        </span>
      </td>
    </tr>
  )
}

const Table = ({ isTriage }: { isTriage: boolean }) => {
  const first = isTriage ? 'open' : 'open,overdue'
  const status = useSignal(first)
  const doing = useSignal<Doing | null>(null)
  const problem = useSignal<ApiProblem | null>(null)
  const list = useList<Row>(
    `/v1/care/${isTriage ? 'triage' : 'tasks'}${status.value === '' ? '' : `?status=${status.value}`}`,
  )
  const close = (): void => {
    doing.value = null
  }
  const print = ({ handoverId }: Row): void => {
    openForm(`/v1/handovers/${encodeURIComponent(handoverId)}/forms/follow-up`).catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
    })
  }
  const title = say(isTriage ? words.triage : words.title)
  const choices = choicesOf(isTriage ? 'triageStatuses' : 'careStatuses')
  const rows = list.rows.value
  return (
    <Report
      title={title}
      problem={problem.value ?? list.problem.value}
      isLoading={!list.isRead.value}
      head={
        <>
          <Choose
            text={say(words.status)}
            value={status.value}
            choices={
              isTriage
                ? choices
                : [
                    { value: first, text: say(words.waiting) },
                    ...choices,
                    { value: '', text: say(words.all) },
                  ]
            }
            onValue={(value) => {
              status.value = value
            }}
          />
          {!isTriage && desk.value === 'dealer' && (
            <button
              type="button"
              class="primary"
              data-act="handover"
              onClick={() => {
                doing.value = { act: 'handover' }
              }}
            >
              {say(words.handover)}
            </button>
          )}
        </>
      }
    >
      {list.isRead.value && rows.length === 0 && list.problem.value === null && (
        <p class="empty">{say(words.empty)}</p>
      )}
      {rows.length > 0 && (
        <Scroll label={title}>
          <table class="numbers">
            <thead>
              <tr>
                <th scope="col">{say(words.kind)}</th>
                <th scope="col">{say(words.customer)}</th>
                <th scope="col">{say(words.vehicle)}</th>
                {isTriage && <th scope="col">{say(words.feedback)}</th>}
                <th scope="col">{say(words.status)}</th>
                <th scope="col">{say(words.due)}</th>
                <th scope="col">{say(words.acts)}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((task) => (
                <TaskRow
                  key={task.taskId}
                  task={task}
                  isTriage={isTriage}
                  onAct={(act) => {
                    doing.value = { act, task }
                  }}
                  onPrint={() => print(task)}
                />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {list.hasMore.value && (
        <button type="button" class="quiet" onClick={list.showMore}>
          {say(listWords.more)}
        </button>
      )}
      {doing.value !== null && (
        <CareDialog
          doing={doing.value}
          onClose={close}
          onDone={() => {
            close()
            list.readAgain()
          }}
        />
      )}
    </Report>
  )
}

/** The tasks of the caller's dealers. */
export const CareTasks = () => <Table isTriage={false} />
/** What the call centre judges. */
export const CareTriage = () => <Table isTriage={true} />
