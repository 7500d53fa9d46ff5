/** Whether the service has the care desk: policy can switch it off, and its screens are then not shown. */
import { signal } from '@preact/signals'
import { ApiProblem, get } from '../core/api.ts'
import { screens } from '../screens/registry.ts'
import { me } from '../session/session.ts'

export const isCareOpen = signal(false)

/** Asks only for those who have a screen of it. @throws ApiProblem where the service cannot be asked */
export const loadCareOpen = async (): Promise<void> => {
  const roles = me.peek()?.roles ?? []
  const isAsked = screens.some(
    (each) => each.ofDesk === 'care' && each.roles.some((role) => roles.includes(role)),
  )
  if (!isAsked) return
  try {
    await get('/v1/care/tasks?limit=1')
    isCareOpen.value = true
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'desk_closed') throw error
    isCareOpen.value = false
  }
}
