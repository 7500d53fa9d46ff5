/** Items of a call as commands, one for what is appended together (rulebook §16). */
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { NewVoiceItem, VoiceCommandOf } from '../../../domain/voice/commands.ts'
import type { CommandDeps } from '../deps.ts'
import type { VoiceItemBody } from './bodies.ts'

/** An item of a call, its place there, and its data subject. */
export type NewEntry = { body: VoiceItemBody; index: number; pointer: string; subjectId: SubjectId }

/** Items of one append: the store takes a megabyte. */
const itemsAtOnce = 50

const toItem = (
  { sealing }: Pick<CommandDeps, 'sealing'>,
  { body, index, pointer, subjectId }: NewEntry,
  commandId: string,
): NewVoiceItem => {
  const { dealerCode: _, text, ...data } = body
  return {
    ...data,
    subjectId,
    text: sealing.seal(subjectId, { text }),
    call: { commandId, index },
    pointer,
  }
}

/** The commands that enter the items, by dealer. `commandId`: of the call. */
export const commandsFor = (
  deps: Pick<CommandDeps, 'sealing'>,
  entries: readonly NewEntry[],
  commandId: string,
): VoiceCommandOf<'EnterItems'>[] =>
  [...Map.groupBy(entries, ({ body }) => body.dealerCode)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([dealer, all]) =>
      Array.from({ length: Math.ceil(all.length / itemsAtOnce) }, (_, at) => ({
        type: 'EnterItems' as const,
        dealer,
        items: all
          .slice(at * itemsAtOnce, (at + 1) * itemsAtOnce)
          .map((entry) => toItem(deps, entry, commandId)),
      })),
    )
