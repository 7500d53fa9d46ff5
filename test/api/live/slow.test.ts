/** Readers whose kernel takes no more: a small receive buffer, which only a process of its own can set. */
import { spawn, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { copyTicket } from '../../support/manyTickets.ts'
import { type Scenario, sa, startScenario } from '../../support/scenario.ts'
import { feedOf, listening, until } from './readers.ts'

/** Reads the head of the answer and stops; goes on when a line comes, and then says the ids it was sent. */
const program = `
import re, socket, sys
port, token, after = int(sys.argv[1]), sys.argv[2], sys.argv[3]
reader = socket.socket()
reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
reader.settimeout(60)
reader.connect(('127.0.0.1', port))
reader.sendall(f'GET /v1/stream?topics=tickets HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer {token}\\r\\nLast-Event-ID: {after}\\r\\n\\r\\n'.encode())
read = bytearray(reader.recv(1024))
print('begun', flush=True)
last = b'id: ' + sys.stdin.readline().strip().encode() + b'\\n'
while last not in read[-65536:]:
    more = reader.recv(65536)
    if not more:
        break
    read += more
ids = re.compile(rb'id: (\\S+)\\nevent:')
print(' '.join(each.decode() for each in ids.findall(read)), flush=True)
`
const hasPython = spawnSync('python3', ['--version']).status === 0

let s: Scenario
let url: string
beforeAll(async () => {
  s = await startScenario()
  url = await listening(s.service)
})
afterAll(() => s.service.close())

const metric = async (name: string): Promise<number> => {
  const { body } = await s.service.deps.metrics.scrape()
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(body)?.[1])
}

const title =
  'a reader with a small receive buffer that stops leaves its class, and is sent everything when it reads on'
if (hasPython)
  it(title, async () => {
    const sample = await s.register()
    const from = (await s.head()) as string
    const copies = 4_000
    const child = spawn('python3', ['-c', program, new URL(url).port, await s.service.tokenOf(sa), from])
    try {
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      await until(() => said.includes('begun'), 'the stream begins')
      await copyTicket(s.service, sample, copies)
      let isSlow = false
      await until(() => {
        void metric('stream_slow_total').then((times) => {
          isSlow = times > 0
        })
        return isSlow
      }, 'it has left its class')
      expect(await metric('stream_dropped_total')).toBe(0)
      const expected = (await feedOf(s.service, sa, from, '&topics=tickets')).map(({ position }) => position)
      expect(expected).toHaveLength(2 * copies)
      child.stdin.write(`${expected.at(-1)}\n`)
      await until(() => said.split('\n').length > 2, 'it has read everything')
      expect(said.split('\n')[1]?.split(' ')).toEqual(expected)
    } finally {
      child.kill('SIGKILL')
    }
  }, 120_000)
else it.skip(`${title} (there is no python3)`, () => undefined)
