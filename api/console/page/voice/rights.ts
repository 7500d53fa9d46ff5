/**
 * Which acts a user may do on a sheet now (rulebook §2, §16), so that none is offered that would be refused: pure
 * functions. The service judges again.
 */
import type { Role } from '../../../../domain/authority.ts'
import type { VoiceSheetStatus } from '../../../../domain/voice/codes.ts'
import type { SheetActName } from '../../../commands/voice/bodies.ts'
import type { VoiceEntryAnswer, VoiceSheetAnswer } from '../../../voice/responseSchemas.ts'
import { isOfUnit } from '../acts/rights.ts'
import type { Me } from '../session/claims.ts'

type SheetFacts = Pick<VoiceSheetAnswer['items'][number], 'judgement' | 'published'>

/** What of a sheet decides. */
export type SheetCase = Pick<VoiceSheetAnswer, 'dealer' | 'rbo' | 'status'>

const isHq = ({ roles }: Me): boolean => roles.includes('hq_sales')
const isOfDealer = ({ dealer }: SheetCase, me: Me): boolean => isOfUnit(me, { tier: 'dealer', unit: dealer })
/** The dealer's RBO when the sheet was sent. */
const isOfRbo = ({ rbo }: SheetCase, me: Me): boolean => isOfUnit(me, { tier: 'rbo', unit: rbo })

const isJudgedNow = ({ status }: SheetCase): boolean => status === 'reported' || status === 'closed'

/** By the path of each act on a sheet as a whole. */
export const sheetRights: Readonly<
  Record<Exclude<SheetActName, 'judge' | 'publish'>, (sheet: SheetCase, me: Me) => boolean>
> = {
  meeting: (sheet, me) => sheet.status === 'sent' && isOfDealer(sheet, me),
  return: (sheet, me) => (sheet.status === 'met' || sheet.status === 'sent_back') && isOfDealer(sheet, me),
  audit: (sheet, me) => sheet.status === 'returned' && isHq(me),
  'follow-ups': (sheet, me) => sheet.status === 'running' && isOfRbo(sheet, me),
  report: (sheet, me) => sheet.status === 'running' && isOfDealer(sheet, me),
}

/** By the path of each act on one item of a sheet. */
export const itemRights: Readonly<
  Record<'plans' | 'judge' | 'publish', (sheet: SheetCase, item: SheetFacts, me: Me) => boolean>
> = {
  plans: (sheet, _, me) => sheet.status === 'running' && isOfDealer(sheet, me),
  judge: (sheet, { judgement }, me) => isJudgedNow(sheet) && judgement === null && isHq(me),
  publish: (sheet, { judgement, published }, me) =>
    isJudgedNow(sheet) && judgement?.effective === true && published === null && isHq(me),
}

export const mayReverse = (
  { kind, reversedAt }: Pick<VoiceEntryAnswer, 'kind' | 'reversedAt'>,
  me: Me,
): boolean => kind !== 'reversal' && reversedAt === null && isHq(me)

export const mayAttachToSheet = (sheet: SheetCase, me: Me): boolean =>
  sheet.status !== 'closed' && isOfDealer(sheet, me)

export const mayRemoveFromSheet = ({ roles }: Me): boolean =>
  roles.includes('csc_supervisor') || roles.includes('sa')

const withoutPerson: readonly Role[] = ['admin', 'auditor']

/** Whether the user reads what was written on the sheet, and so its attachments: HQ, which keeps the desk, does too. */
export const mayOpenSheet = (sheet: SheetCase, me: Me): boolean =>
  me.roles.some((role) => {
    if (role === 'dealer') return me.dealer === sheet.dealer
    return role === 'rbo' ? me.rbo === sheet.rbo : !withoutPerson.includes(role)
  })

/** The states in which a sheet waits for somebody of the role; none: for nobody of it. */
export const waitingFor: Readonly<Partial<Record<Role, readonly VoiceSheetStatus[]>>> = {
  dealer: ['sent', 'met', 'sent_back', 'running'],
  hq_sales: ['returned', 'reported'],
  rbo: ['running'],
}
