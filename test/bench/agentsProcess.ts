/**
 * Agents who send complaints at a steady pace, in a process of their own: what they wait is not what another caller's
 * answers take to read. Arguments: URL FOLDER. Told `begin` and `end`; says that it is ready, and at each end the
 * milliseconds of every complaint since the beginning.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { bodyOf, type Connection, openConnection, requestOf } from './connection.ts'
import { complaint, freshNumbers } from './intake.ts'
import { tokenFor } from './tokens.ts'

const [url = '', folder = ''] = process.argv.slice(2)
const agents = 4
/** Each agent sends a complaint so often: together 160 a second. */
const everyMs = 25

const [token, number] = [await tokenFor(folder, 'csr'), freshNumbers()]
const connections = await Promise.all(Array.from({ length: agents }, () => openConnection(url)))
let isOver = true
let registering: Promise<number[][]> = Promise.resolve([])

/** Sends complaints until told to end; milliseconds of each. */
const register = async (on: Connection): Promise<number[]> => {
  const times: number[] = []
  for (let due = performance.now(); !isOver; due += everyMs) {
    await sleep(Math.max(0, due - performance.now()))
    const started = performance.now()
    const answer = await on.send(requestOf('POST', '/v1/complaints', token, complaint(number())))
    times.push(performance.now() - started)
    bodyOf(answer, 201)
  }
  return times
}

process.on('message', async (told: 'begin' | 'end') => {
  isOver = told === 'end'
  if (!isOver) registering = Promise.all(connections.map(register))
  process.send?.(isOver ? (await registering).flat() : 'begun')
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
