/** The units of the three rates, as they were known at any instant (rulebook §8). */

import { createChangeCounts } from '../columns/changeCounts.ts'
import { createDictionary, dictionarySql } from '../columns/dictionary.ts'
import { foldTickets, typesHandled } from '../foldTickets.ts'
import type { Projection } from '../projection.ts'
import { createBlocks } from './count/blocks.ts'
import { createOriginReader } from './count/origins.ts'
import { createPartitions } from './partitions.ts'
import { kpiQueries } from './queries.ts'
import type { KpiQueries } from './query.ts'
import { versionsSql } from './unitVersion.ts'
import { isIdle, kpiHandlers, registeredTicket } from './write/handlers.ts'
import { createOpenTickets, ticketsSql } from './write/openTickets.ts'
import { createSettled, settledSql, settlingTypes } from './write/settledRates.ts'
import { createTerms } from './write/terms.ts'
import { createTermVersions } from './write/termVersions.ts'
import { createTicketChanges } from './write/ticketChanges.ts'

const namesTable = { name: 'kpiNames', column: 'name' }

export const kpi: Projection<KpiQueries> = {
  name: 'kpi',
  version: 6,
  readByCommands: false,
  // which they are does not depend on what they work on
  types: [
    ...typesHandled(kpiHandlers(undefined as never, undefined as never, undefined as never)),
    ...settlingTypes,
  ],
  tables: {
    kpiTickets: ticketsSql,
    kpiSpans: versionsSql,
    kpiNames: dictionarySql(namesTable),
    kpiSettled: settledSql,
  },
  indexes: {},
  open: (db, _sealing, memory) => {
    const names = createDictionary(db, namesTable)
    const partitions = createPartitions(db)
    const changes = createChangeCounts(memory, 'kpi')
    const blocks = createBlocks(db, { changes })
    const readOrigins = createOriginReader(db)
    const tickets = createOpenTickets(db, blocks.put)
    const versions = createTermVersions({ nextId: partitions.nextId, note: tickets.note })
    const settled = createSettled(db, { names, partitions, readOrigins, unwritten: tickets.unwritten })
    const fold = foldTickets({
      register: (data) => tickets.add(registeredTicket(data, names)),
      find: ({ ticketNo, event }) => (isIdle(event) ? undefined : tickets.find(ticketNo)),
      handlers: kpiHandlers(createTerms(versions), createTicketChanges(versions), names),
    })
    const discard = (): void => {
      tickets.discard()
      settled.discard()
      names.discard()
      // counted in memory only, so ids that were given to what is taken back are read again
      partitions.reload()
    }

    return {
      apply: (event) => {
        fold(event)
        settled.apply(event)
      },
      flush: () => {
        names.flush()
        tickets.flush()
        settled.flush()
      },
      committed: changes.committed,
      discard,
      reload: () => {
        discard()
        names.reload()
        blocks.reload()
      },
      queries: kpiQueries(db, { blocks, names, partitions, readOrigins }, settled.rates),
    }
  },
}
