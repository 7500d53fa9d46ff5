/** What a newcomer does first, twice: the walk of the README in a shell, and by a client made from the OpenAPI document. */
import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import type { Json } from '../support/service.ts'
import { type ServiceProcess, startProcess } from './serviceProcess.ts'

const root = join(import.meta.dirname, '../..')
const modules = join(root, 'node_modules')

let service: ServiceProcess
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
  service = await startProcess(join(folder.dir, 'data'))
  await service.ready()
}, 120_000)
afterAll(async () => {
  await service?.kill('SIGKILL')
  await folder?.remove()
}, 120_000)

/** Runs a program to its end, or until 150 seconds are over, before a test gives it up; what it said on both outputs. */
const run = (
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      timeout: 150_000,
      killSignal: 'SIGKILL',
    })
    const chunks: string[] = []
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output: chunks.join('') }))
  })

describe('the walk of the README', () => {
  test('does what it says in a shell, and again', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const [, block = ''] = /```bash\n([\s\S]*?)```/.exec(readme) ?? []
    expect(block).toContain('api /v1/complaints')
    const script = block
      .replaceAll('http://127.0.0.1:8080', service.url)
      // the stream ends after a while of its own
      .replace(' -m 20 &', ' -m 2 &')
    const env = { DATA_DIR: join(folder.dir, 'data') }
    for (let time = 0; time < 2; time++) {
      const { code, output } = await run('bash', ['-c', `set -o pipefail\n${script}\nwait`], env)
      expect({ code, refused: output.match(/"type":"\/problems\/.*/g) }).toEqual({ code: 0, refused: null })
      expect(output).toMatch(/"outcome":"registered","ticketNo":"T/)
      expect(output).toMatch(/"state":"completed"/)
      expect(output).toMatch(/"clock":"response"/)
      expect(output).toContain('"nextAfter"')
    }
  }, 180_000)
})

const walk = `
import { client } from './client.ts'

const { URL: url = '', ADMIN = '', CSR = '', DEALER = '', RBO = '', SA = '', HQ = '' } = process.env
const as = (token: string) => {
  client.configure({ serverUrl: url })
  client.auth.bearer(token)
  return client
}

await as(ADMIN).putRbo({ path: { code: 'EAST' }, body: { name: '华东' } })
await as(ADMIN).putDealer({ path: { code: 'D001' }, body: { name: '上海一店', rbo: 'EAST' } })
const phone = '138' + String(Date.now()).slice(-8)
const taken = await as(CSR).registerComplaint({ body: {
  channel: 'phone',
  category: 'A4a',
  dealerCode: 'D001',
  customer: { name: '王芳', phone },
  content: 'Nobody called back about the test drive.',
} })
const { ticketNo } = taken
await as(DEALER).recordResponse({
  path: { ticketNo },
  body: { method: 'phone', reached: true, note: 'Saturday.' },
})
const closed = await as(DEALER).closeTicket({
  path: { ticketNo },
  body: { result: 'Test drive done', measures: 'Voucher' },
})
const responses = await as(SA).listResponses({ path: { ticketNo } })
const found = await as(CSR).searchTickets({ body: { phone } })
const { clocks } = await as(SA).getTicketClocks({ path: { ticketNo } })
const { items } = await as(SA).getTimeline({ path: { ticketNo } })
const noted = items.flatMap((item) => (item.type === 'ResponseRecorded' ? [item.data.method] : []))

// A car is handed over; the first care call finds a customer who is not content, and it becomes a complaint
const { handoverId, tasks } = await as(DEALER).createHandover({ body: {
  dealerCode: 'D001',
  vin: 'LSVAA4187E2' + phone.slice(-6),
  handedOverAt: new Date(Date.now() - 86_400_000).toISOString(),
  customer: { name: '王先生', phone: '139' + phone.slice(-8) },
} })
const taskId = handoverId + '.delivery_24h'
const called = await as(DEALER).addCareTaskAttempt({
  path: { taskId },
  body: { result: 'reached', outcome: 'dissatisfied', service: '交车时等了三个小时' },
})
const triage = await as(CSR).getCareTriage({ query: { limit: 200 } })
const complaint = await as(CSR).registerCareTaskComplaint({ path: { taskId }, body: { category: 'A4a' } })
const handover = await as(SA).getHandover({ path: { handoverId } })
const care = await as(SA).listCareTasks({ query: { dealer: 'D001', status: 'open,overdue' } })

// What a customer said in a survey goes to the dealer on the sheet of the month, and through all its steps
const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7)
const entered = await as(HQ).enterVoiceItems({ body: {
  month, dealerCode: 'D001', survey: 'SSI', indicator: '交车时间', score: 4, text: '约好上午交车，等到下午四点',
} })
const itemId = 'itemId' in entered ? entered.itemId : ''
const sheet = await as(HQ).sendVoiceSheet({ body: { dealerCode: 'D001', month } })
const path = { id: sheet.sheetId }
const endsOn = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
await as(DEALER).recordVoiceSheetMeeting({ path, body: {
  heldAt: sheet.sentAt,
  attendees: ['总经理', '销售经理'],
  plans: [{ itemId, measure: '交车前一天电话确认时间', person: '王经理', endsOn }],
} })
await as(DEALER).returnVoiceSheet({ path, body: { signedBy: '马总' } })
await as(HQ).auditVoiceSheet({ path, body: { decision: 'accepted' } })
await as(RBO).addVoiceSheetFollowUp({ path, body: { note: '抽查五位客户，均已电话确认' } })
await as(DEALER).reportVoiceSheet({ path, body: { results: '连续两周无同类反馈' } })
const judged = await as(HQ).judgeVoiceSheet({ path, body: { itemId, effective: true } })
await as(HQ).publishVoiceSheet({ path, body: { itemId, title: '交车前一天确认时间', amount: 500 } })
const ledger = await as(HQ).getVoiceLedger({ query: { dealer: 'D001', limit: 200 } })

console.log(JSON.stringify({
  plan: tasks.length > 1,
  called: [called.callOutcome, called.triage],
  triaged: triage.items.some((each) => each.taskId === taskId),
  complaint: complaint.outcome,
  ofTask: handover.tasks.find((each) => each.taskId === taskId)?.ticketNo === complaint.ticketNo,
  care: care.items.some((each) => each.handoverId === handoverId),
  sheet: [sheet.status, judged.status],
  booked: ledger.items.filter((each) => each.sheetId === sheet.sheetId).map(({ amount }) => amount),
  state: closed.state,
  version: closed.version,
  notes: responses.items.map(({ note }) => note),
  found: found.items.map((each) => each.ticketNo === ticketNo),
  clocks: clocks.length > 0,
  noted,
}))
`

describe('a client made from the OpenAPI document', () => {
  test('compiles and does the walk of the README, and the ways of care calls and customer voice', async () => {
    const redocly = join(modules, '@redocly/cli/bin/cli.js')
    const made = await run(
      process.execPath,
      [
        redocly,
        'generate-client',
        'openapi/openapi.json',
        '-o',
        join(folder.dir, 'client.ts'),
        '--import-ext',
        'ts',
      ],
      { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    )
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining('successfully generated') })
    await writeFile(join(folder.dir, 'walk.ts'), walk)
    await writeFile(join(folder.dir, 'package.json'), '{ "type": "module" }')
    const options = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: 'nodenext',
        target: 'es2024',
        lib: ['es2024', 'dom'],
        allowImportingTsExtensions: true,
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [join(modules, '@types')],
      },
      files: ['walk.ts'],
    }
    await writeFile(join(folder.dir, 'tsconfig.json'), JSON.stringify(options))
    const compiled = await run(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', folder.dir])
    expect(compiled).toEqual({ code: 0, output: '' })
    const env = {
      URL: service.url,
      ADMIN: await service.tokenOf({ roles: ['admin'] }),
      CSR: await service.tokenOf({ roles: ['csr'] }),
      DEALER: await service.tokenOf({ roles: ['dealer'], dealer: 'D001' }),
      RBO: await service.tokenOf({ roles: ['rbo'], rbo: 'EAST' }),
      HQ: await service.tokenOf({ roles: ['hq_sales'] }),
      SA: await service.tokenOf({ roles: ['sa'] }),
    }
    const { code, output } = await run(process.execPath, [join(folder.dir, 'walk.ts')], env)
    expect([code, output.startsWith('{') ? '' : output]).toEqual([0, ''])
    const told: Json = JSON.parse(output)
    expect(told).toEqual({
      plan: true,
      called: ['dissatisfied', 'open'],
      triaged: true,
      complaint: 'registered',
      ofTask: true,
      care: true,
      sheet: ['sent', 'closed'],
      booked: [500],
      state: 'completed',
      version: 4,
      notes: ['Saturday.'],
      found: [true],
      clocks: true,
      noted: ['phone'],
    })
  }, 180_000)
})

/** A request of `walk.http`, its places not filled in yet. */
type Step = {
  title: string
  name: string | null
  method: string
  url: string
  headers: string[]
  body: string
}

const stepsOf = (file: string): { steps: Step[]; variables: Map<string, string> } => {
  const variables = new Map<string, string>()
  const steps = file.split(/^### /m).flatMap((part): Step[] => {
    for (const [, name = '', value = ''] of part.matchAll(/^@(\w+) = (.*)$/gm)) variables.set(name, value)
    const request = /^(GET|POST|PUT|DELETE) (\S+)\n((?:[\w-]+: .*\n?)*)(?:\n([\s\S]*))?/m.exec(part)
    if (request === null) return []
    const [, method = '', url = '', headers = '', body = ''] = request
    const name = /^# @name (\w+)$/m.exec(part)?.[1] ?? null
    return [
      {
        title: part.split('\n', 1)[0] ?? '',
        name,
        method,
        url,
        headers: headers.trim().split('\n'),
        body: body.trim(),
      },
    ]
  })
  return { steps, variables }
}

test('every request of walk.http is one that the service takes', async () => {
  const { steps, variables } = stepsOf(await readFile(join(root, 'openapi/walk.http'), 'utf8'))
  expect(steps.length).toBeGreaterThan(35)
  variables.set('base', service.url)
  for (const role of ['admin', 'csr', 'sa', 'se'] as const)
    variables.set(role, await service.tokenOf({ roles: [role], sub: `walk-${role}` }))
  variables.set('dealer', await service.tokenOf({ roles: ['dealer'], dealer: 'D001', sub: 'walk-dealer' }))
  variables.set('hq', await service.tokenOf({ roles: ['hq_sales'], sub: 'walk-hq' }))
  variables.set('soon', new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10))
  variables.set('rbo', await service.tokenOf({ roles: ['rbo'], rbo: 'EAST', sub: 'walk-rbo' }))
  const answers = new Map<string, { headers: Headers; body: Json }>()
  const fill = (text: string): string =>
    text.replace(/\{\{([\w.-]+)\}\}/g, (_, path: string) => {
      const [name = '', , part, ...rest] = path.split('.')
      const answer = answers.get(name)
      if (answer === undefined) return fill(variables.get(path) ?? '')
      if (part === 'headers') return answer.headers.get(rest[0] ?? '') ?? ''
      return String(rest.reduce((at: Json, key) => at?.[key], answer.body) ?? '')
    })
  for (const { title, name, method, url, headers, body } of steps) {
    const isStream = url.includes('/stream')
    const isMultipart = headers.some((line) => line.includes('multipart/'))
    const answer = await fetch(fill(url), {
      method,
      headers: Object.fromEntries(headers.map((line) => fill(line).split(/: (.*)/s, 2) as [string, string])),
      // editors that send such files end the lines of a multipart body as HTTP wants them
      ...(body !== '' && {
        body: isMultipart ? fill(body).replaceAll('\n', '\r\n') : fill(body),
      }),
      ...(isStream && { signal: AbortSignal.timeout(2_000) }),
    })
    const text = isStream ? '' : await answer.text()
    // a quarter that cannot be frozen yet, and a customer with an open ticket, are refused by the business
    const isFine = answer.status < 300 || answer.status === 409
    expect([title, isFine ? '' : `${answer.status} ${text}`]).toEqual([title, ''])
    const isJson = answer.headers.get('content-type')?.includes('json') && text !== ''
    if (name !== null) answers.set(name, { headers: answer.headers, body: isJson ? JSON.parse(text) : null })
  }
}, 180_000)
