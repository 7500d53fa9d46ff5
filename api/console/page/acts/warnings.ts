/** What is done with one warning of a ticket. */
import type { TicketAct } from './act.ts'
import { maySettle, type WarningCase } from './rights.ts'

type SettledWarning = WarningCase & { warningId: string }

/** The acts on that warning the user may do now are those whose `may` says so. */
export const actsOnWarning = (warning: SettledWarning): readonly TicketAct[] => [
  {
    name: `acknowledge ${warning.warningId}`,
    words: { en: 'Acknowledge', zh: '确认预警' },
    may: ({ ticket, me }) => maySettle(ticket, warning, me).acknowledge,
    fields: [{ name: 'note', words: { en: 'Note', zh: '说明' }, kind: 'area' }],
    path: () => `warnings/${encodeURIComponent(warning.warningId)}/acknowledge`,
  },
  {
    name: `resolve ${warning.warningId}`,
    words: { en: 'Resolve', zh: '处理预警' },
    may: ({ ticket, me }) => maySettle(ticket, warning, me).resolve,
    fields: [{ name: 'result', words: { en: 'Result', zh: '处理结果' }, kind: 'area', isRequired: true }],
    path: () => `warnings/${encodeURIComponent(warning.warningId)}/resolve`,
  },
]
