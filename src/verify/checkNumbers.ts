/** Whether the log's numbers are whole: positions and versions without holes, ids that stand once. */
import type Database from 'better-sqlite3'
import { uuidText } from '../../domain/uuid.ts'

/** Told of everything that is wrong, one sentence each. */
export type Report = (problem: string) => void

/** Damage the engine itself knows of; more says nothing more. */
const mostOfEngine = 20

const checkFile = (log: Database.Database, report: Report): void => {
  const said = log.pragma(`integrity_check(${mostOfEngine})`) as { integrity_check: string }[]
  for (const { integrity_check: line } of said)
    if (line !== 'ok') report(`The log's file is damaged: ${line}.`)
}

const checkPositions = (log: Database.Database, head: number, report: Report): void => {
  const gaps = log
    .prepare<[number], { position: number; before: number }>(
      `SELECT position, before FROM
         (SELECT position, lag(position, 1, 0) OVER (ORDER BY position) AS before FROM events WHERE position <= ?)
       WHERE position <> before + 1`,
    )
    .iterate(head)
  for (const { position, before } of gaps)
    report(`Position ${before} is followed by ${position}: what was between is gone.`)
}

const checkVersions = (log: Database.Database, head: number, report: Report): void => {
  const streams = log
    .prepare<[number], { stream: string; least: number; greatest: number; events: number }>(
      `SELECT stream, min(version) AS least, max(version) AS greatest, count(*) AS events
       FROM events WHERE position <= ? GROUP BY stream
       HAVING least <> 1 OR greatest <> events OR count(DISTINCT version) <> events`,
    )
    .iterate(head)
  for (const { stream, least, greatest, events } of streams)
    report(`Stream ${stream} has ${events} events with versions from ${least} to ${greatest}.`)
}

const checkIds = (log: Database.Database, head: number, report: Report): void => {
  const doubled = log
    .prepare<[number], { id: Buffer; events: number; first: number; last: number }>(
      `SELECT id, count(*) AS events, min(position) AS first, max(position) AS last
       FROM events WHERE position <= ? GROUP BY id HAVING events > 1`,
    )
    .iterate(head)
  for (const { id, events, first, last } of doubled)
    report(`The id ${uuidText(id)} stands ${events} times, from position ${first} to ${last}.`)
}

/** Looks at the numbers of all events up to `head`, a position; in memory there is one row at a time. */
export const checkNumbers = (log: Database.Database, head: number, report: Report): void => {
  checkFile(log, report)
  checkPositions(log, head, report)
  checkVersions(log, head, report)
  checkIds(log, head, report)
}
