/** What an event says beside its ticket, the same to readers of the stream and to webhooks: no text of a person. */
import type { About } from '../../domain/announcedNames.ts'
import { type DueFact, isDueFact } from '../../domain/dues.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { dealerOfVoiceStream } from '../../domain/voice/events.ts'
import type { CommandDeps } from '../commands/deps.ts'
import { presentFact } from '../objections/present.ts'

/** Whether an event with this subject tells of a warning. */
export const hasWarning = (about: About | undefined): boolean => about === 'warning' || about === 'warningDue'
const hasDue = (about: About | undefined): boolean =>
  about === 'due' || about === 'warningDue' || about === 'voiceDue'

/** The warning an event is about, as it is now; `null`: the view has none. */
export const warningOf = ({ views }: Pick<CommandDeps, 'views'>, { data }: StoredEvent) => {
  const { warningId, subject } = data as { warningId?: string; subject?: string }
  const found = views.warnings.byId(warningId ?? subject ?? '')
  if (found === null) return null
  const { code, sentTo, raisedAt, ackDueAt, acknowledgedAt, resolvedAt } = found
  return { warningId: found.warningId, code, sentTo, raisedAt, ackDueAt, acknowledgedAt, resolvedAt }
}

const dueOf = ({ data }: StoredEvent) => {
  const { clock, startedAt, dueAt, unit } = data as DueFact['data']
  return { clock, startedAt, dueAt, unit }
}

/** The objection an event is about, as it is now, without its texts; `null`: the view has none. */
export const objectionOf = ({ views }: Pick<CommandDeps, 'views'>, { data }: Pick<StoredEvent, 'data'>) => {
  const found = views.objections.byId((data as { objectionId: string }).objectionId)
  return found === null ? null : presentFact(found)
}

/** The fields that an event has by what it is about. */
export const factsOf = (deps: Pick<CommandDeps, 'views'>, event: StoredEvent, about: About | undefined) => ({
  ...(hasWarning(about) && { warning: warningOf(deps, event) }),
  ...(hasDue(about) && { due: dueOf(event) }),
  ...(about === 'objection' && { objection: objectionOf(deps, event) }),
})

/**
 * The version that is shown: facts of dues are in streams of their own, so theirs is none of the ticket's; a dealer's
 * stream has many sheets.
 */
export const versionOf = (event: StoredEvent, row: { version: number }): number =>
  isDueFact(event) || dealerOfVoiceStream(event.stream) !== null ? row.version : event.version
