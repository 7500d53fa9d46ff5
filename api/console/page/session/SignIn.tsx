/** Sign-in: at the identity provider where there is one, else with a token. */
import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import { say, type Words } from '../core/words.ts'
import { LanguageSwitch } from '../ui/LanguageSwitch.tsx'
import { hasFailed, provider, toProvider } from './provider.ts'
import { ended, signIn } from './session.ts'

const words = {
  title: { en: 'Complaint tickets', zh: '投诉工单' },
  lead: { en: 'Your open complaints, and what to do next.', zh: '查看待办，及时处理。' },
  atProvider: { en: 'Sign in', zh: '登录' },
  withToken: { en: 'Access token', zh: '访问令牌' },
  signIn: { en: 'Sign in with this token', zh: '使用令牌登录' },
  hint: {
    en: 'It stays in this browser tab only, and is gone when you sign out or close it.',
    zh: '令牌仅保存在当前标签页，退出或关闭后即清除。',
  },
  expired: { en: 'Your sign-in has ended. Please sign in again.', zh: '登录已失效，请重新登录。' },
  malformed: { en: 'This is not an access token with a user and roles.', zh: '这不是有效的访问令牌。' },
  failed: {
    en: 'Sign-in at the identity provider did not succeed. Please try again.',
    zh: '身份认证未成功，请重试。',
  },
} as const satisfies Record<string, Words>

const TokenForm = () => {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const isEmpty = useSignal(false)
  const submit = (event: Event): void => {
    event.preventDefault()
    const field = input.current as HTMLInputElement
    const given = field.value
    field.value = ''
    isEmpty.value = given.trim() === ''
    if (!isEmpty.value) signIn(given)
  }
  return (
    <form onSubmit={submit} noValidate>
      <div class="field">
        <label for={id}>{say(words.withToken)}</label>
        <input
          id={id}
          ref={input}
          type="password"
          autocomplete="off"
          spellcheck={false}
          aria-describedby={`${id}-hint`}
        />
        <p id={`${id}-hint`} class="hint">
          {say(words.hint)}
        </p>
      </div>
      <p class="buttons">
        <button type="submit" class={provider === null ? 'primary' : ''}>
          {say(words.signIn)}
        </button>
      </p>
    </form>
  )
}

export const SignIn = () => {
  useEffect(() => {
    document.title = say(words.title)
  })
  const why = hasFailed.value ? words.failed : ended.value === null ? null : words[ended.value]
  return (
    <main class="sign-in">
      <div class="top">
        <h1>{say(words.title)}</h1>
        <LanguageSwitch />
      </div>
      <p class="lead">{say(words.lead)}</p>
      {why !== null && (
        <p class="problem" role="alert">
          {say(why)}
        </p>
      )}
      {provider !== null && (
        <p class="buttons">
          <button type="button" class="primary" onClick={() => void toProvider()}>
            {say(words.atProvider)}
          </button>
        </p>
      )}
      <TokenForm />
    </main>
  )
}
