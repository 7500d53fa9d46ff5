/** The identity provider of this service, where it has one: the way to it, back, and the renewal of tokens. */
import { effect, signal } from '@preact/signals'
import { ofTab } from '../core/storage.ts'
import { me, signIn } from './session.ts'
import { isWayBack, type Provider, type Tokens } from './wayBack.ts'

const configured = document.querySelector<HTMLMetaElement>('meta[name="sign-in"]')?.content

/** `null`: tokens are pasted. */
export const provider: Provider | null =
  configured === undefined ? null : (JSON.parse(configured) as Provider)

/** Whether the way to the provider or back failed. */
export const hasFailed = signal(false)

const take = ({ token, refresh }: Tokens): void => {
  if (refresh === null) ofTab.remove('refresh')
  else ofTab.set('refresh', refresh)
  signIn(token)
}

const loadOidc = () => import('./oidc.ts')

export const toProvider = async (isSilent = false): Promise<void> => {
  if (provider === null) return
  hasFailed.value = false
  try {
    await (await loadOidc()).leaveToSignIn(provider, isSilent)
  } catch {
    hasFailed.value = true
  }
}

/** Ends a sign-in that this page load comes back from. */
export const comeBack = async (): Promise<void> => {
  if (provider === null || !isWayBack()) return
  try {
    take(await (await loadOidc()).finishSignIn(provider))
  } catch {
    hasFailed.value = true
  }
}

/** A token is renewed so long before it expires, milliseconds. */
const earlyMs = 60_000
/** Timers take no longer waits. */
const longestMs = 2 ** 31 - 1

/** Renews the token in good time as long as somebody is signed in. */
export const keepRenewing = (): void => {
  if (provider === null) return
  const from = provider
  let timer: ReturnType<typeof setTimeout> | undefined
  const renewNow = async (): Promise<void> => {
    const refresh = ofTab.get('refresh')
    // without one the service says when it is over, and the user signs in again
    if (refresh === null) return
    try {
      take(await (await loadOidc()).renew(from, refresh))
    } catch {
      timer = setTimeout(() => void renewNow(), 10_000)
    }
  }
  effect(() => {
    clearTimeout(timer)
    const user = me.value
    if (user === null) return
    const left = user.expiresAt - Date.now()
    timer = setTimeout(
      () => void renewNow(),
      Math.min(Math.max(left - Math.min(earlyMs, left / 2), 1_000), longestMs),
    )
  })
}
