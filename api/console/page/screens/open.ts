/** Which desks the service has: policy can switch each of them off, and its screens are then not shown. */
import { signal } from '@preact/signals'
import type { Desk } from '../../../../domain/desk.ts'
import { ApiProblem, get } from '../core/api.ts'
import { me } from '../session/session.ts'
import { screens } from './registry.ts'

/** A short list of each desk, which it answers while it is open. */
const lists: Record<Desk, string> = {
  care: '/v1/care/tasks?limit=1',
  voice: '/v1/voice/sheets?limit=1',
}

export const openDesks = signal<ReadonlySet<Desk>>(new Set())

const isOpen = async (desk: Desk): Promise<boolean> => {
  try {
    await get(lists[desk])
    return true
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'desk_closed') return false
    throw error
  }
}

/** Asks only about desks of which the user has a screen. @throws ApiProblem where the service cannot be asked */
export const loadOpenDesks = async (): Promise<void> => {
  const roles = me.peek()?.roles ?? []
  const own = screens.filter((each) => each.roles.some((role) => roles.includes(role)))
  const asked = [...new Set(own.flatMap(({ ofDesk }) => ofDesk ?? []))]
  const answers = await Promise.all(asked.map(isOpen))
  openDesks.value = new Set(asked.filter((_, index) => answers[index]))
}
