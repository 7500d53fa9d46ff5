/** The screen of the address, and the ticket beside it. */
import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Role } from '../../../../domain/authority.ts'
import { closeRow, listenToKeys, moveInRows } from '../core/keys.ts'
import { route } from '../core/route.ts'
import { say, type Words } from '../core/words.ts'
import { switchTables } from '../reports/Figure.tsx'
import { besideName, closeBeside } from '../screens/beside.ts'
import { type Screen, sheetPanel } from '../screens/registry.ts'
import { shownScreensOf } from '../screens/shown.ts'
import { TicketPanel } from '../ticket/TicketPanel.tsx'
import { Header } from './Header.tsx'
import { Help } from './Help.tsx'
import { Tabs } from './Tabs.tsx'

const words = {
  title: { en: '{screen} – complaint tickets', zh: '{screen} – 投诉工单' },
  loading: { en: 'Loading …', zh: '加载中…' },
  failed: { en: 'This screen could not be loaded. Load the page again.', zh: '页面加载失败，请刷新。' },
  ticket: { en: 'Ticket', zh: '工单' },
  sheet: { en: 'Sheet of customer voice', zh: '客户声音改进单' },
} as const satisfies Record<string, Words>

const Content = ({ screen }: { screen: Pick<Screen, 'id' | 'load'> }) => {
  const loaded = useSignal<{ id: string; Component: ComponentType } | null>(null)
  const hasFailed = useSignal(false)
  useEffect(() => {
    // of two that load, the one asked for last is shown, whichever comes first
    let isLast = true
    hasFailed.value = false
    screen.load().then(
      (Component) => {
        if (isLast) loaded.value = { id: screen.id, Component }
      },
      () => {
        if (isLast) hasFailed.value = true
      },
    )
    return () => {
      isLast = false
    }
  }, [screen])
  if (hasFailed.value) return <p class="problem">{say(words.failed)}</p>
  const current = loaded.value
  if (current === null || current.id !== screen.id) return <p class="empty">{say(words.loading)}</p>
  return <current.Component />
}

export const Desk = ({ role }: { role: Role }) => {
  const isHelpOpen = useSignal(false)
  const { screen: asked, ticketNo, sheetId } = route.value
  const beside = besideName()
  const known = shownScreensOf(role)
  const screen = known.find(({ id }) => id === asked) ?? (known[0] as Screen)
  useEffect(() => {
    document.title = say(words.title, { screen: beside ?? say(screen.words) })
  })
  useEffect(
    () =>
      listenToKeys({
        j: () => moveInRows(1),
        k: () => moveInRows(-1),
        a: () => document.querySelector<HTMLElement>('.acts button')?.focus(),
        t: switchTables,
        '/': () => document.querySelector<HTMLElement>('#find')?.focus(),
        '?': () => {
          isHelpOpen.value = true
        },
        Escape: () => {
          if (!closeBeside()) closeRow()
        },
      }),
    [],
  )
  return (
    <div class={beside === null ? 'desk' : 'desk desk-with-ticket'}>
      <Header
        role={role}
        screen={screen}
        onHelp={() => {
          isHelpOpen.value = true
        }}
      />
      <main tabIndex={-1}>
        <Tabs screen={screen} screens={known} />
        <Content screen={screen} />
      </main>
      {ticketNo !== null && (
        <aside aria-label={say(words.ticket)}>
          <TicketPanel key={ticketNo} ticketNo={ticketNo} />
        </aside>
      )}
      {sheetId !== null && (
        <aside aria-label={say(words.sheet)}>
          <Content key={sheetId} screen={sheetPanel} />
        </aside>
      )}
      {isHelpOpen.value && (
        <Help
          onClose={() => {
            isHelpOpen.value = false
          }}
        />
      )}
    </div>
  )
}
