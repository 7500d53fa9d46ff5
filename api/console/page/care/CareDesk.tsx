/** Care calls: a dealer's tasks by due, and the dissatisfied customers that the call centre judges (rulebook §15). */
import { useSignal } from '@preact/signals'
import { choicesOf, label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import { Choose } from '../reports/Choose.tsx'
import { desk } from '../session/desk.ts'
import { type CareAction, CareDialog } from './acts.tsx'
import { CarePlan } from './CarePlan.tsx'
import { CareRow, type CareRowData } from './CareRow.tsx'
import { careWords as words } from './words.ts'

type Props = {
  /** Of the list over the API. */
  path: string
  isTriage: boolean
  status: { value: string }
}

const unfinished = 'open,overdue'

const CareList = ({ path, isTriage, status }: Props) => {
  const doing = useSignal<CareAction | null>(null)
  const list = useList<CareRowData>(`${path}${status.value === '' ? '' : `?status=${status.value}`}`)
  const codes = choicesOf(isTriage ? 'triageStatuses' : 'careStatuses')
  const close = (): void => {
    doing.value = null
  }
  return (
    <>
      <RowList
        list={list}
        title={say(isTriage ? words.triage : words.title)}
        empty={say(words.empty)}
        keyOf={({ taskId }) => taskId}
        nameOf={({ kind }) => label('careKinds', kind)}
        render={(task) => (
          <CareRow
            task={task}
            isTriage={isTriage}
            onAct={(act) => {
              doing.value = { act, task }
            }}
          />
        )}
        detailOf={({ handoverId }) => <CarePlan handoverId={handoverId} mayPrint={desk.value === 'dealer'} />}
      >
        <Choose
          text={say(words.status)}
          chosen={status}
          choices={
            isTriage
              ? codes
              : [
                  { value: unfinished, text: say(words.waiting) },
                  ...codes,
                  { value: '', text: say(words.all) },
                ]
          }
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
      </RowList>
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
    </>
  )
}

/** The tasks of the caller's dealers. */
export const CareTasks = () => {
  const status = useSignal(unfinished)
  return <CareList key={status.value} path="/v1/care/tasks" isTriage={false} status={status} />
}

/** What the call centre judges. */
export const CareTriage = () => {
  const status = useSignal('open')
  return <CareList key={status.value} path="/v1/care/triage" isTriage={true} status={status} />
}
