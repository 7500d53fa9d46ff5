/** Which of several roles the user works as: it chooses the screens, the token's rights stay what they are. */
import { computed, signal } from '@preact/signals'
import type { Role } from '../../../../domain/authority.ts'
import { ofTab } from '../core/storage.ts'
import { me } from './session.ts'

const chosen = signal<string | null>(ofTab.get('desk'))

/** `null`: there are several, and none is chosen yet. */
export const desk = computed<Role | null>(() => {
  const roles = me.value?.roles ?? []
  return roles.find((role) => role === chosen.value) ?? (roles.length === 1 ? (roles[0] as Role) : null)
})

export const chooseDesk = (role: Role | null): void => {
  chosen.value = role
  if (role === null) ofTab.remove('desk')
  else ofTab.set('desk', role)
}
