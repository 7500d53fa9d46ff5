/** The printable forms in a real browser; skipped with a word without one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { inBrowser, launch } from '../console/browser.ts'
import { temporaryFolder } from '../store/folder.ts'
import type { Json } from '../support/service.ts'
import { type ServiceProcess, startProcess } from './serviceProcess.ts'
import { csr, dealer, enterMasterData } from './writers.ts'

const rbo = { roles: ['rbo' as const], rbo: 'EAST' }
const timeout = 120_000

const sentence = '客户于当日到店提车时发现车辆配置与合同约定不一致，销售顾问未作出合理解释，要求书面答复。'
/** As customers complain every day: four lines, three demands. */
const everyday = [
  '客户于2月26日到店提车，发现车辆未按合同约定加装倒车影像及真皮座椅，销售顾问称需另行付费。',
  '客户称签约时销售经理口头承诺赠送上述配置并写入补充协议，现经销商否认，已多次到店交涉未果。',
  '客户提出三项诉求：1. 按合同免费加装倒车影像及真皮座椅；2. 销售顾问及销售经理当面书面道歉；',
  '3. 赔偿往返交通费及误工费合计人民币1500元，并要求三日内得到厂家书面答复，否则向消协投诉。',
].join('\n')
const usually = (words: string): string => words
const atLength = (words: string): string => `${words}\n${`${sentence}\n`.repeat(60)}`
const unbroken = (words: string): string => words + 'x'.repeat(4_000)

type Story = { ticketNo: string; warningId: string }

const vehicle = {
  vin: 'LSVNV133X22000001',
  plateNo: '沪A12345',
  engineNo: 'CFN123456',
  model: '明锐 1.6L 自动逸俊版',
  mileageKm: 1250,
  purchasedOn: '2026-02-01',
  salesConsultant: '王强',
}

const startWriting = (service: ServiceProcess) => {
  const write = async (who: typeof csr, path: string, body: Json): Promise<Json> => {
    const answer = await service.call(who, 'POST', `/v1/${path}`, { body })
    expect([answer.status, answer.body]).toEqual([answer.status === 201 ? 201 : 200, answer.body])
    return answer.body
  }
  /** A complaint whose customer called again in anger; nothing is done about it yet. */
  const complain = async (phone: string, say: (words: string) => string, more: Json = {}): Promise<Story> => {
    const { ticketNo } = await write(csr, 'complaints', {
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      content: say('销售顾问态度恶劣，询问价格时不予正面答复。'),
      ...more,
      customer: { name: '王小明', phone, ...more.customer },
    })
    const again = { channel: 'phone', flags: ['agitated'], content: say('再次来电，一直无人联系。') }
    const { warnings } = await write(csr, `tickets/${ticketNo}/contacts`, again)
    return { ticketNo, warningId: warnings[0].warningId }
  }
  /** Everything that goes on its forms. */
  const handle = async ({ ticketNo, warningId }: Story, say: (words: string) => string): Promise<void> => {
    const on = `tickets/${ticketNo}`
    await write(dealer, `${on}/responses`, { method: 'phone', reached: true, note: '已联系' })
    await write(dealer, `${on}/records`, { kind: 'investigation', note: say('已调取展厅录像。') })
    await write(rbo, `${on}/warnings/${warningId}/resolve`, { result: '要求当日内上门致歉。' })
    await write(dealer, `${on}/close`, {
      result: '情况属实',
      measures: say('1. 当面致歉\n2. 更换销售顾问\n3. 赠送保养'),
      measuresDoneAt: new Date().toISOString(),
      rootCauseCode: 'staff_attitude',
      rootCause: say('未完成服务礼仪培训。'),
      customerFeedback: say('接受道歉。'),
      improvement: say('全员服务礼仪复训。'),
      improvementDepartment: '销售部',
    })
    await write(csr, `${on}/callbacks`, { outcome: 'satisfied', note: '近期到店试驾。' })
  }
  return { complain, handle }
}

inBrowser('the printable forms', () => {
  let service: ServiceProcess
  let browser: Browser
  let remove: () => Promise<void>
  let stories: Record<'usual' | 'everyday' | 'closed' | 'empty' | 'long' | 'unbroken', Story>

  beforeAll(async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    service = await startProcess(folder.dir)
    await service.ready()
    await enterMasterData(service)
    const { complain, handle } = startWriting(service)
    const customer = {
      address: '上海市嘉定区曹安公路5288弄12号',
      postcode: '201805',
      contactPerson: '王先生',
    }
    const demands = {
      initialCause: '签约时配置约定不清，补充协议未存档。',
      severity: 'high',
      remedy: 'compensation',
      remedyText: '1. 免费加装；2. 书面道歉；3. 赔偿1500元。',
    }
    stories = {
      usual: await complain('13800000001', usually, { vehicle, customer, initialCause: '未按流程接待。' }),
      everyday: await complain('13800000005', () => everyday, {
        vehicle: { ...vehicle, vin: 'LSVNV133X22000002' },
        customer,
        ...demands,
      }),
      closed: await complain('13800000006', () => everyday, {
        vehicle: { ...vehicle, vin: 'LSVNV133X22000003' },
        customer,
        ...demands,
      }),
      empty: await complain('13800000002', usually, { content: '<script>document.title = 1</script>' }),
      long: await complain('13800000003', atLength, { customer: { name: '‮محمد 👩‍🔧'.repeat(20) } }),
      unbroken: await complain('13800000004', unbroken, { customer: { name: 'x'.repeat(200) } }),
    }
    await handle(stories.usual, usually)
    await handle(stories.closed, usually)
    await handle(stories.long, atLength)
    await handle(stories.unbroken, unbroken)
    browser = await launch()
  }, timeout)
  afterAll(async () => {
    await browser?.close()
    await service?.kill('SIGKILL')
    await remove?.()
  }, timeout)

  const addressOf = ({ ticketNo, warningId }: Story, form: string): string =>
    `${service.url}/v1/tickets/${ticketNo}/forms/${form === 'handling' ? form : `warning/${warningId}`}`

  /** Opens a form as whoever may see it all; what the browser complains of ends up in `complaints`. */
  const open = async (address: string): Promise<{ page: Page; complaints: string[] }> => {
    const authorization = `Bearer ${await service.tokenOf(csr)}`
    const page = await browser.newPage()
    await page.setExtraHTTPHeaders({ authorization })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    const answer = await page.goto(address)
    expect(answer?.status()).toBe(200)
    return { page, complaints }
  }

  /** How many sheets it prints on. */
  const sheetsOf = async (page: Page): Promise<number> => {
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    // 210 × 297 mm in points
    expect(pdf).toMatch(/\/MediaBox \[0 0 59[45]\.?\d* 84[12]\.?\d*\]/)
    return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0
  }

  /** Cells whose content is wider than they are. */
  const overflowing = (page: Page): Promise<string[]> =>
    page.$$eval('th, td', (cells) =>
      cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent ?? ''),
    )

  const handlingLabels = [
    ...['受理日期', '受理编号', '客户姓名', '地址', '邮编', '联系人', '电话', '传真', '购车日期', '投诉日期'],
    ...['投诉次数', '车型', '底盘号/VIN', '发动机号', '销售顾问', '关爱专员', '投诉内容', '初步原因'],
    ...['移交时间', '调查结果', '处理措施', '措施完成时间', '客户反馈', '回访时间', '根本原因'],
    ...['经销商改进措施', '改进部门', '关爱专员签字', '关爱总监签字', '部门经理签字', '责任人签字'],
  ]
  const warningLabels = [
    ...['工单号', '客户姓名', '电话', '车牌号', '车型', '行驶里程', '涉及SST', '首次投诉日期', '购车日期'],
    ...['发出单位', '接收单位', '再次投诉内容', '预警原因', '客服专员工号', '组长签字', '主管签字'],
    ...['职能部门处理结果', '处理人', '日期'],
  ]

  test.each([
    ['handling', 'usual', handlingLabels],
    ['handling', 'everyday', handlingLabels],
    ['handling', 'closed', handlingLabels],
    ['handling', 'empty', handlingLabels],
    ['warning', 'usual', warningLabels],
    ['warning', 'everyday', warningLabels],
    ['warning', 'empty', warningLabels],
  ] as const)(
    'the %s form of the %s ticket shows every field on one A4 sheet',
    async (form, story, labels) => {
      const { page, complaints } = await open(addressOf(stories[story], form))
      const cells = await page.$$eval('th[scope=row], .signature', (found) =>
        found.map((cell) => cell.textContent ?? ''),
      )
      const shown = cells.map((cell) => cell.replace(/[\s：]/g, ''))
      expect(labels.filter((label) => !shown.includes(label))).toEqual([])
      expect(await overflowing(page)).toEqual([])
      expect(await sheetsOf(page)).toBe(1)
      expect(complaints).toEqual([])
      await page.close()
    },
    timeout,
  )

  test(
    'an empty box keeps room for a pen, a filled one is as high as its text',
    async () => {
      const { page } = await open(addressOf(stories.everyday, 'handling'))
      const millimetres = (rows: string): Promise<number[]> =>
        page.$$eval(rows, (found) => found.map((row) => (row.getBoundingClientRect().height / 96) * 25.4))
      const blank = await millimetres('tr.blank')
      expect(blank).toHaveLength(5)
      expect(Math.min(...blank)).toBeGreaterThan(12)
      const [, cause] = await millimetres('tr.text:not(.blank)')
      expect(cause).toBeLessThan(9)
      await page.close()
    },
    timeout,
  )

  test.each([
    ['handling', 5],
    ['warning', 1],
  ] as const)(
    'on the %s form lines to write on fill every empty box, and what the page has left goes to those',
    async (form, boxes) => {
      const { page } = await open(addressOf(stories.everyday, form))
      const left = await page.$$eval('tr.blank td', (cells) =>
        cells.map((cell) => {
          const lines = cell.querySelector('.ruled')!
          const { bottom } = lines.getBoundingClientRect()
          return [
            cell.getBoundingClientRect().bottom - bottom,
            lines.scrollHeight - lines.clientHeight,
          ] as const
        }),
      )
      expect(left).toHaveLength(boxes)
      // pixels below the box of lines, and of lines that are cut off
      for (const [below, cut] of left) expect([below < 2, cut > 0]).toEqual([true, true])
      const filled = await page.$$eval('tr.fields td', (cells) =>
        cells.map((cell) => (cell.getBoundingClientRect().height / 96) * 25.4),
      )
      expect(Math.max(...filled)).toBeLessThan(12)
      await page.close()
    },
    timeout,
  )

  test.each([
    ['handling', 'long'],
    ['handling', 'unbroken'],
    ['warning', 'long'],
    ['warning', 'unbroken'],
  ] as const)(
    'the %s form of the %s ticket flows on to further sheets and never over its edges',
    async (form, story) => {
      const { page, complaints } = await open(addressOf(stories[story], form))
      expect(await overflowing(page)).toEqual([])
      expect(await sheetsOf(page)).toBeGreaterThan(1)
      expect(complaints).toEqual([])
      await page.close()
    },
    timeout,
  )

  test.each([
    ['one sheet', usually, 1],
    ['further sheets', atLength, 2],
    ['further sheets and never over its edges', unbroken, 1],
  ])(
    'a letter goes on %s',
    async (_, say, least) => {
      const letter = {
        kind: 'customer',
        addressee: say === unbroken ? 'x'.repeat(200) : '尊敬的王小明先生',
        subject: '关于您来信反映销售服务问题的答复',
        body: say('您好！您于2026年3月2日来电反映的问题，我单位已收悉。经核实，现答复如下。\n此致\n敬礼'),
      }
      const { ticketNo } = stories.empty
      const path = `/v1/tickets/${ticketNo}/letters`
      const written = await service.call(dealer, 'POST', path, { body: letter })
      expect(written.status).toBe(201)
      const { page, complaints } = await open(`${service.url}${path}/${written.body.number}/print`)
      const wide = await page.$$eval(
        'main, main *',
        (parts) =>
          parts.filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0).length,
      )
      expect(wide).toBe(0)
      const sheets = await sheetsOf(page)
      expect(sheets).toBeGreaterThanOrEqual(least)
      if (least === 1 && say === usually) expect(sheets).toBe(1)
      expect(complaints).toEqual([])
      await page.close()
    },
    timeout,
  )

  test(
    'its own style is let in by its policy, and no script is',
    async () => {
      const { page } = await open(addressOf(stories.empty, 'handling'))
      const border = await page.evaluate(`getComputedStyle(document.querySelector('td')).borderStyle`)
      expect(border).toBe('solid')
      expect(await page.title()).toBe(`客户抱怨/投诉处理表 ${stories.empty.ticketNo}`)
      expect(await page.$$('script')).toHaveLength(0)
      expect(await page.$$('::-p-text(<script>document.title = 1</script>)')).toHaveLength(1)
      await page.close()
    },
    timeout,
  )
})
