/** The customer voice 客户声音 of a dealer (rulebook §16): who may do what, and what comes of it. */
import { type Aggregate, authoriseBy } from '../aggregate.ts'
import type { Action } from '../authority.ts'
import type { Context } from '../context.ts'
import { requireDesk } from '../desk.ts'
import type { VoiceCommand, VoiceCommandType } from './commands.ts'
import { type VoiceEvent, voiceStream } from './events.ts'
import { evolveVoice } from './evolve.ts'
import { dropItem, enterItems, rewordItem, sendSheet } from './items.ts'
import { bookLateStep, reverseEntry } from './ledger.ts'
import { type DecideVoice, sheetDeciders } from './sheets.ts'
import type { Voice } from './state.ts'

const deciders: { [T in VoiceCommandType]: DecideVoice<T> } = {
  EnterItems: enterItems,
  RewordItem: rewordItem,
  DropItem: dropItem,
  SendSheet: sendSheet,
  ...sheetDeciders,
  BookLateStep: bookLateStep,
  ReverseEntry: reverseEntry,
}

/**
 * What a command makes of a dealer's customer voice (`null`: nothing was ever entered); `[]` where there is nothing to do.
 * @throws Refusal `desk_closed`, and those of `items.ts`, `sheets.ts`, `ledger.ts`
 */
const decideVoice = (voice: Voice | null, command: VoiceCommand, context: Context): VoiceEvent[] => {
  // what the service books by itself is no act of anybody who could be told
  if (command.type !== 'BookLateStep') requireDesk(context.master.policy.values, 'voice')
  return (deciders[command.type] as DecideVoice<VoiceCommandType>)(voice, command as never, context)
}

const actions: Record<VoiceCommandType, Action> = {
  EnterItems: 'keep_voice',
  RewordItem: 'keep_voice',
  DropItem: 'keep_voice',
  SendSheet: 'keep_voice',
  RecordMeeting: 'improve_voice',
  ReturnSheet: 'improve_voice',
  AuditSheet: 'keep_voice',
  FollowUp: 'follow_voice',
  ChangePlan: 'improve_voice',
  ReportResult: 'improve_voice',
  JudgeItem: 'keep_voice',
  PublishCase: 'keep_voice',
  AddAttachment: 'improve_voice',
  RemoveAttachment: 'remove_attachment',
  BookLateStep: 'keep_voice',
  ReverseEntry: 'keep_voice',
}

/** A dealer's customer voice as an aggregate: stream `voice-<dealer>`. It has no limit: it grows by some hundred events a year. */
export const voiceAggregate: Aggregate<Voice, VoiceCommand, VoiceEvent, Context> = {
  stream: voiceStream,
  evolve: evolveVoice,
  decide: decideVoice,
  authorise: authoriseBy<VoiceCommand>(actions),
}
