/** Writers that repeat what was not answered until it is, and readers; both whatever happens to the service. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Random } from '../../src/demo/random.ts'
import { reader } from '../endToEnd/facts.ts'
import type { Answer, RequestOptions } from '../endToEnd/serviceProcess.ts'
import { csr, isWithoutAnswer, story, type Write } from '../endToEnd/writers.ts'
import type { Json } from '../support/service.ts'
import { createAccessAccount } from './accessAccount.ts'
import { whileItMoves } from './patience.ts'
import type { Seat, Wrong } from './seat.ts'

const writers = 16
const readers = 4
/** Between two writes of a writer, at most: so many that they meet, not so many that all else takes long. */
const writeEveryMs = 100
const readEveryMs = 100
/** After a call that had no answer; a service that starts should not be kept busy by it. */
const againAfterMs = 200
/** Writes that are repeated right after their answer. */
const repeatShare = 0.03
const settleWithinMs = 30_000

/** Temporary, by api.md: all that a caller may meet while the service fights with its surroundings. */
const passing = new Set([
  'store_unavailable',
  // an answer that shows a customer goes out when it is logged, and the log is on the same disk
  'access_log_unavailable',
  'view_rebuilding',
  'view_behind',
  'shutting_down',
])

const shown = ({ status, headers, body }: Answer): Record<string, unknown> => ({
  status,
  ...Object.fromEntries(['etag', 'location', 'x-position'].map((name) => [name, headers.get(name)])),
  ...body,
})

/** What two answers differ in, by name alone, for values may be a customer's. */
const differingFields = (first: Answer, second: Answer): string[] => {
  const [a, b] = [shown(first), shown(second)]
  return Object.keys({ ...a, ...b }).filter((name) => !isDeepStrictEqual(a[name], b[name]))
}

/** The load on the service of a seat; the account has every write before it is sent. */
export const createLoad = (seat: Seat, random: Random, wrong: Wrong) => {
  const account: Write[] = []
  const access = createAccessAccount()
  const counts = { answered: 0, sentAgain: 0, repeated: 0, reads: 0, unavailable: 0 }
  const stop = new Error('the load is over')
  let paused = true
  let over = false
  let resting = 0

  const isRefusedForNow = ({ status, headers, body }: Answer): boolean => {
    if (status === 409 && body.code === 'request_in_progress') return true
    if (status !== 503) return false
    if (!passing.has(body.code)) wrong(`a 503 has the code ${body.code}`)
    if (headers.get('retry-after') === null) wrong(`a 503 ${body.code} has no Retry-After`)
    if (!headers.get('content-type')?.startsWith('application/problem+json'))
      wrong('a 503 is no problem document')
    if (body.code === 'store_unavailable') counts.unavailable += 1
    return true
  }

  /** One call to whichever service is there; `null`: no answer, or not now. */
  const callOnce = async (
    who: Write['who'],
    [method, path]: [string, string],
    sent: RequestOptions,
  ): Promise<Answer | null> => {
    const service = seat.now()
    if (service === undefined) return null
    const requestId = access.newId()
    try {
      const answer = await service.call(who, method, path, { ...sent, requestId })
      access.answered(requestId, path, answer)
      return isRefusedForNow(answer) ? null : answer
    } catch (error) {
      if (isWithoutAnswer(error)) return null
      throw error
    }
  }

  const untilAnswered = async ({ who, path, body, key }: Write): Promise<Answer> => {
    for (;;) {
      const answer = await callOnce(who, ['POST', path], { body, key })
      if (answer !== null) return answer
      if (over) throw stop
      counts.sentAgain += 1
      await sleep(random.int(againAfterMs / 2, againAfterMs))
    }
  }

  /** The same with the same key: the same answer, and nothing done. */
  const repeat = async (write: Write): Promise<void> => {
    const again = await untilAnswered(write)
    counts.repeated += 1
    const differing = differingFields(write.answer!, again)
    if (differing.length > 0)
      wrong(`${write.kind} repeated was answered otherwise in ${differing.join(', ')}`)
    if (again.headers.get('idempotent-replayed') !== 'true') wrong(`${write.kind} repeated was done again`)
  }

  const rest = async (): Promise<void> => {
    resting += 1
    while (paused && !over) await sleep(5)
    resting -= 1
    if (over) throw stop
  }

  const write = async (asked: Omit<Write, 'key'>): Promise<Answer> => {
    await sleep(random.int(0, writeEveryMs))
    if (paused) await rest()
    const noted: Write = { ...asked, key: randomUUID() }
    account.push(noted)
    const answer = await untilAnswered(noted)
    noted.answer = answer
    counts.answered += 1
    if (answer.status >= 300) {
      wrong(`${noted.kind} was answered ${answer.status} ${answer.body.code}: ${answer.body.detail}`)
      over = true
      throw stop
    }
    if (random.chance(repeatShare)) await repeat(noted)
    return answer
  }

  const readSomething = async (): Promise<void> => {
    const known = account.length === 0 ? undefined : random.pick(account)
    const ticketNo: Json = known?.answer?.body.ticketNo
    const [path, minPosition] = random.pick([
      ['/v1/tickets?state=open&sort=dueAt&limit=20', undefined],
      ['/v1/codes', undefined],
      [`/v1/tickets/${ticketNo}`, known?.answer?.headers.get('x-position') ?? undefined],
    ] as const)
    if (path.endsWith('undefined')) return
    const answer = await callOnce(
      random.pick([reader, csr]),
      ['GET', path],
      minPosition === undefined ? {} : { minPosition },
    )
    if (answer === null) return
    counts.reads += 1
    if (answer.status !== 200) wrong(`GET ${path} was answered ${answer.status} ${answer.body.code}`)
  }

  const forEver = async (work: () => Promise<void>): Promise<void> => {
    try {
      while (!over) await work()
    } catch (error) {
      if (error === stop) return
      wrong(`a caller met ${(error as Error).stack}`)
      over = true
    }
  }

  const running = [
    ...Array.from({ length: writers }, () => forEver(() => story(write))),
    ...Array.from({ length: readers }, () =>
      forEver(async () => {
        await sleep(random.int(0, readEveryMs))
        await readSomething()
      }),
    ),
  ]

  return {
    account,
    access,
    counts,
    go: (): void => {
      paused = false
    },
    /** Lets every write that was sent come to its answer, and none begin. */
    settle: async (): Promise<void> => {
      paused = true
      const isSettled = () => resting === writers || over
      if (await whileItMoves(isSettled, () => counts.answered, settleWithinMs)) return
      over = true
      wrong(`${writers - resting} writes were not answered, and none was for ${settleWithinMs / 1_000} s`)
    },
    repeat,
    end: async (): Promise<void> => {
      over = true
      await Promise.all(running)
    },
  }
}
export type Load = ReturnType<typeof createLoad>
