/** Every act on a ticket, in the order in which they are offered. A new act is an entry here. */
import type { ActSubject, TicketAct } from './act.ts'
import { callBack, correct, linkRepeat, logContact, redispatch, unlinkRepeat } from './callCentre.ts'
import {
  convertToC,
  markDuplicate,
  nameResponsibleDealer,
  recalculate,
  reclassify,
  rescind,
  undoDuplicate,
  weigh,
} from './desks.ts'
import { claim, close, raiseWarning, record, release, respond } from './handling.ts'

export const acts: readonly TicketAct[] = [
  claim,
  respond,
  record,
  close,
  logContact,
  callBack,
  nameResponsibleDealer,
  raiseWarning,
  redispatch,
  reclassify,
  weigh,
  correct,
  linkRepeat,
  unlinkRepeat,
  release,
  convertToC,
  recalculate,
  markDuplicate,
  undoDuplicate,
  rescind,
]

/** Those the user may do now. */
export const actsFor = (subject: ActSubject): TicketAct[] => acts.filter((act) => act.may(subject))
