/** The page: sign-in, the choice of a role, or a desk. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Role } from '../../../../domain/authority.ts'
import { ApiProblem } from '../core/api.ts'
import { label, loadCodes } from '../core/codes.ts'
import { language, say, tags, type Words } from '../core/words.ts'
import { atRest } from '../lists/answer.ts'
import { keepRead } from '../lists/keepRead.ts'
import { announce, announced } from '../live/announce.ts'
import { goLive, onNews } from '../live/live.ts'
import { loadOpenDesks } from '../screens/open.ts'
import { screensOf } from '../screens/registry.ts'
import { ChooseDesk } from '../session/ChooseDesk.tsx'
import { desk } from '../session/desk.ts'
import { SignIn } from '../session/SignIn.tsx'
import { me } from '../session/session.ts'
import { loadUnits } from '../time/units.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { Desk } from './Desk.tsx'

const words = {
  newWarning: {
    en: 'New warning on ticket {ticketNo}: {code} {label}',
    zh: '新预警：工单 {ticketNo}，{code} {label}',
  },
  loading: { en: 'Loading …', zh: '加载中…' },
  tryAgain: { en: 'Try again', zh: '重试' },
} as const satisfies Record<string, Words>

/** Says each new warning once to those who do not see the page. */
const announceWarnings = (): (() => void) =>
  onNews((item) => {
    if (item?.type !== 'warning.raised' || !('warning' in item) || item.warning === null) return
    const { warningId, code } = item.warning
    const params = { ticketNo: item.ticketNo, code, label: label('warningCodes', code) }
    announce(warningId, say(words.newWarning, params))
  })

const unitsMs = 2_000

/** What every desk needs before its first row; it also shows whether the service takes the token. */
const Working = () => {
  const isReady = useSignal(false)
  const problem = useSignal<ApiProblem | null>(null)
  const load = (): void => {
    problem.value = null
    // its file comes meanwhile
    if (desk.peek() !== null)
      void screensOf(desk.peek() as Role)[0]
        ?.load()
        .catch(() => undefined)
    Promise.all([loadCodes(), loadOpenDesks()]).then(
      () => {
        isReady.value = true
        goLive()
      },
      (error: unknown) => {
        if (!(error instanceof ApiProblem)) throw error
        problem.value = error
      },
    )
  }
  useEffect(() => {
    load()
    // names and calendars come after the first rows, and are read again when the service was gone
    const units = keepRead({ read: loadUnits, gatherMs: unitsMs, concerns: atRest })
    const endAnnouncing = announceWarnings()
    return () => {
      units.end()
      endAnnouncing()
    }
  }, [])
  if (problem.value !== null)
    return (
      <main class="sign-in">
        <ProblemNote problem={problem.value} />
        <button type="button" class="primary" onClick={load}>
          {say(words.tryAgain)}
        </button>
      </main>
    )
  if (!isReady.value)
    return (
      <main class="sign-in">
        <p class="empty">{say(words.loading)}</p>
      </main>
    )
  const role = desk.value
  return role === null ? <ChooseDesk /> : <Desk role={role} />
}

export const App = () => {
  useEffect(() => {
    document.documentElement.lang = tags[language.value]
  }, [language.value])
  const user = me.value
  useEffect(() => {
    if (user === null) goLive()
  }, [user])
  return (
    <>
      {user === null ? <SignIn /> : <Working key={user.sub} />}
      <div class="announced" role="status" aria-live="polite">
        {announced.value}
      </div>
    </>
  )
}
