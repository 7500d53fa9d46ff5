/** Every read model, with what it can be asked. A new one is entered here. */
import type { Position } from '../domain/eventStore.ts'
import type { LogDigest } from '../domain/logDigest.ts'
import { type AttachmentQueries, attachments } from './attachments.ts'
import { type CareQueries, care } from './care/care.ts'
import { type CommandQueries, commands } from './commands.ts'
import { type CustomerQueries, customers } from './customers.ts'
import { type DueQueries, dues } from './dues/dues.ts'
import { type FollowUpQueries, followUps } from './followUps.ts'
import { type InquiryQueries, inquiries } from './inquiries/inquiries.ts'
import { kpi } from './kpi/projection.ts'
import type { KpiQueries } from './kpi/query.ts'
import { master } from './master/master.ts'
import type { MasterQueries } from './master/masterQueries.ts'
import { type ObjectionQueries, objections } from './objections/objections.ts'
import type { Projection } from './projection.ts'
import { type SmsQueries, smsContacts } from './sms/smsContacts.ts'
import { type SubjectQueries, subjects } from './subjects.ts'
import { type TicketQueries, tickets } from './tickets/tickets.ts'
import { type VoiceQueries, voice } from './voice/voice.ts'
import type { WarningQueries } from './warnings/warningQueries.ts'
import { warnings } from './warnings/warnings.ts'
import { type WebhookQueries, webhooks } from './webhooks/webhooks.ts'

export type ChainQueries = {
  /** The digest of the log up to a position, `null`: of all of it; `null` where there is nothing up to there, or not yet. */
  upTo(position: Position | null): LogDigest | null
}

export type Queries = {
  tickets: TicketQueries
  customers: CustomerQueries
  subjects: SubjectQueries
  warnings: WarningQueries
  kpi: KpiQueries
  master: MasterQueries
  commands: CommandQueries
  followUps: FollowUpQueries
  /** Only where the engine does not store the digests itself. */
  chain?: ChainQueries
  dues: DueQueries
  inquiries: InquiryQueries
  smsContacts: SmsQueries
  objections: ObjectionQueries
  voice: VoiceQueries
  care: CareQueries
  webhooks: WebhookQueries
  attachments: AttachmentQueries
}

export type Projections = { [Name in keyof Queries]: Projection<NonNullable<Queries[Name]>> }

/** Every view the service has on both engines. */
export const allProjections: Required<Omit<Projections, 'chain'>> = {
  tickets,
  customers,
  subjects,
  warnings,
  kpi,
  master,
  commands,
  followUps,
  dues,
  inquiries,
  smsContacts,
  objections,
  voice,
  care,
  webhooks,
  attachments,
}
