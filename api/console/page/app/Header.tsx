/** The head of the page: screens, how live it is, who works here. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Role } from '../../../../domain/authority.ts'
import { label } from '../core/codes.ts'
import { go, hrefOf, route } from '../core/route.ts'
import { say, type Words } from '../core/words.ts'
import { LiveState } from '../live/LiveState.tsx'
import { entryOf, type Screen } from '../screens/registry.ts'
import { shownScreensOf } from '../screens/shown.ts'
import { chooseDesk } from '../session/desk.ts'
import { me, signOut } from '../session/session.ts'
import { dealerName, rbos } from '../time/units.ts'
import { LanguageSwitch } from '../ui/LanguageSwitch.tsx'

const words = {
  screens: { en: 'Screens', zh: '页面' },
  find: { en: 'Ticket number', zh: '工单号' },
  findIt: { en: 'Find', zh: '查找' },
  signOut: { en: 'Sign out', zh: '退出' },
  otherRole: { en: 'Change role', zh: '切换角色' },
  help: { en: 'Keyboard', zh: '快捷键' },
  skip: { en: 'Skip to the content', zh: '跳到正文' },
} as const satisfies Record<string, Words>

const Find = () => {
  const text = useSignal('')
  const input = useRef<HTMLInputElement>(null)
  const find = (event: Event): void => {
    event.preventDefault()
    const ticketNo = text.value.trim()
    if (ticketNo === '') return
    text.value = ''
    input.current?.blur()
    go({ ticketNo })
  }
  return (
    <search>
      <form class="find" onSubmit={find}>
        <input
          ref={input}
          id="find"
          type="search"
          autocomplete="off"
          aria-label={say(words.find)}
          placeholder={say(words.find)}
          value={text.value}
          onKeyDown={({ key, isComposing }) => {
            if (key === 'Escape' && !isComposing) input.current?.blur()
          }}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value
          }}
        />
        <button type="submit">{say(words.findIt)}</button>
      </form>
    </search>
  )
}

/** The user, and the unit they are of. */
const Who = ({ role }: { role: Role }) => {
  const user = me.value
  if (user === null) return null
  const unit =
    role === 'dealer'
      ? dealerName(user.dealer)
      : role === 'rbo' && user.rbo !== null
        ? (rbos.value.get(user.rbo)?.name ?? user.rbo)
        : null
  return (
    <span class="who">
      <span translate={false}>{unit ?? user.sub}</span> <span class="role">{label('roles', role)}</span>
    </span>
  )
}

/** Of several screens of one entry the head has the first. */
const entriesOf = (role: Role): readonly Screen[] =>
  shownScreensOf(role).filter(({ within }) => within === undefined)

type Props = { role: Role; screen: Screen; onHelp(): void }

export const Header = ({ role, screen, onHelp }: Props) => {
  const nav = useRef<HTMLElement>(null)
  // on a narrow page the screens stand in one line, and the open one must be seen
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [screen.id])
  return (
    <header class="head">
      <button type="button" class="skip" onClick={() => document.querySelector('main')?.focus()}>
        {say(words.skip)}
      </button>
      <nav ref={nav} aria-label={say(words.screens)}>
        <ul>
          {entriesOf(role).map(({ id, words: name }) => (
            <li key={id}>
              <a
                href={hrefOf({ ...route.value, screen: id })}
                {...(id === entryOf(screen) && { 'aria-current': 'page' as const })}
              >
                {say(name)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <LiveState />
      <Find />
      <div class="user">
        <Who role={role} />
        {(me.value?.roles.length ?? 0) > 1 && (
          <button type="button" class="quiet" onClick={() => chooseDesk(null)}>
            {say(words.otherRole)}
          </button>
        )}
        <LanguageSwitch />
        <button type="button" class="quiet" onClick={onHelp}>
          {say(words.help)}
        </button>
        <button type="button" class="quiet" onClick={signOut}>
          {say(words.signOut)}
        </button>
      </div>
    </header>
  )
}
