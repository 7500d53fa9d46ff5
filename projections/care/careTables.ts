/** The tables and indexes of the care desk. */
import { hashListSql } from '../columns/hashList.ts'
import { createTableSql } from '../rows.ts'
import { handoverTable, taskTable, vehicleTable } from './careRows.ts'

/** With the indexes that folding an event needs. */
export const careTables = {
  careVehicles: `${createTableSql(vehicleTable)};
    CREATE INDEX careVehiclesByRoll ON careVehicles (rollAt, id) WHERE rollAt IS NOT NULL`,
  handovers: `${createTableSql(handoverTable)};
    CREATE INDEX handoversBySubject ON handovers (subjectId)`,
  careTasks: createTableSql(taskTable),
  careKeys: hashListSql('careKeys'),
  careKeyOwners: `CREATE TABLE careKeyOwners (id INTEGER PRIMARY KEY, vehicleId TEXT NOT NULL, subjectId TEXT NOT NULL) STRICT;
    CREATE INDEX careKeyOwnersBySubject ON careKeyOwners (subjectId)`,
  careRevisions:
    'CREATE TABLE careRevisions (quarter TEXT NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (quarter, version)) STRICT',
  /** One row: the latest instant of all events, and the number of handovers. */
  careLast:
    'CREATE TABLE careLast (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT',
} as const

/** What queries need. */
export const careIndexes = {
  // all that deliveries are counted from
  handoversByTime: 'CREATE INDEX handoversByTime ON handovers (handedOverAt, dealer, recordedAt, seq)',
  handoversByExternalNo:
    'CREATE INDEX handoversByExternalNo ON handovers (externalNo) WHERE externalNo IS NOT NULL',
  careTasksOpen: 'CREATE INDEX careTasksOpen ON careTasks (dueAt, id) WHERE ended IS NULL',
  careTasksOpenOfDealer:
    'CREATE INDEX careTasksOpenOfDealer ON careTasks (dealer, dueAt, id) WHERE ended IS NULL',
  // a task is in one pair of these or the other, so that a new one costs two entries and not four
  careTasksEnded: 'CREATE INDEX careTasksEnded ON careTasks (dueAt, id) WHERE ended IS NOT NULL',
  careTasksEndedOfDealer:
    'CREATE INDEX careTasksEndedOfDealer ON careTasks (dealer, dueAt, id) WHERE ended IS NOT NULL',
  careTriage: 'CREATE INDEX careTriage ON careTasks (triage, triageDueAt, id) WHERE triage IS NOT NULL',
  careTasksByTicket: 'CREATE INDEX careTasksByTicket ON careTasks (ticketNo) WHERE ticketNo IS NOT NULL',
} as const
