/** F3, the record of calls to a customer who bought a car, 成交客户回访情况记录表 (rulebook §15). */
import { attemptResults, careOutcomes } from '../../domain/care/codes.ts'
import { visitsOfPlan } from '../../domain/care/plannedTasks.ts'
import type { CareKind } from '../../domain/care/policy.ts'
import type { CareAttempt, CareVehicle, Plan, Visit } from '../../domain/care/state.ts'
import { tasksOfPlan } from '../../domain/care/tasks.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Master } from '../../domain/master.ts'
import { timeOf } from '../../domain/shanghaiTime.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { footOf, unitNameIn } from './caseFile.ts'
import { type Html, html } from './html.ts'
import { formPage } from './page.ts'
import {
  dateField,
  dayField,
  field,
  headRow,
  row,
  section,
  signatures,
  signingRow,
  textRow,
  ticked,
  timeField,
} from './parts.ts'

export type FollowUpForm = {
  vehicle: CareVehicle
  plan: Plan
  reader: Reader
  master: Master
  /** Of when all this is. */
  at: Instant
}

const calls = {
  delivery_24h: '24小时回访',
  delivery_3d: '3日回访',
  delivery_3m: '3个月回访',
} as const satisfies Partial<Record<CareKind, string>>

const customerSection = ({ plan, reader }: FollowUpForm): Html => {
  const { customer, vehicle } = reader.person(plan.customer)
  return section('客户信息', [
    row(
      field('客户姓名', customer.name),
      field('电话', customer.phone),
      field('联系人', customer.contactPerson),
    ),
    row(field('地址', customer.address, 3), field('邮编', customer.postcode)),
    row(field('车型', vehicle.model), field('车牌号', vehicle.plateNo), field('底盘号/VIN', vehicle.vin)),
    row(field('销售顾问', vehicle.salesConsultant), dayField('保险到期', plan.insuranceEndsOn, 3)),
  ])
}

/** Attempts in vain, each with its time and who called. */
const inVain = (attempts: readonly CareAttempt[]): string | null => {
  const said = attempts
    .filter(({ result }) => result !== 'reached')
    .map(({ result, calledAt, by }) => `${timeOf(calledAt)} ${attemptResults[result].zh}（${by}）`)
  return said.length === 0 ? null : said.join('；')
}

const callSection = (name: string, attempts: readonly CareAttempt[], { reader }: FollowUpForm): Html => {
  // nobody is called again who was reached
  const call = attempts.find(({ result }) => result === 'reached') ?? attempts.at(-1)
  const { product = null, service = null, other = null } = reader.text(call?.text ?? null)
  const vain = inVain(attempts)
  return section(name, [
    row(
      timeField('回访时间', call?.calledAt ?? null),
      field('回访人', call?.by ?? null),
      field('里程（公里）', call?.mileageKm ?? null),
    ),
    row(field('客户评价', ticked(careOutcomes, call?.outcome ?? null), 5)),
    textRow('产品', [product], { lines: 1 }),
    textRow('服务', [service], { lines: 1 }),
    textRow('其他', [other], { lines: 1 }),
    ...(vain === null ? [] : [textRow('未接通记录', [vain], { lines: 1 })]),
  ])
}

/** The last that the customer said of the first service, and when it was. */
const firstServiceSection = (attempts: readonly CareAttempt[], visits: readonly Visit[]): Html => {
  const expected = attempts.findLast(({ firstServiceOn }) => firstServiceOn !== null)
  const visit = visits.find(({ kind }) => kind === 'first_service')
  return section('首保', [
    row(
      dayField('预计首保', expected?.firstServiceOn ?? null),
      dateField('实际首保', visit?.visitedAt ?? null),
      field('首保里程', visit?.mileageKm ?? null),
    ),
    signingRow(signatures(['关爱专员签字'], { columns: 6, dated: true })),
    signingRow(signatures(['关爱总监签字'], { columns: 6, dated: true })),
  ])
}

/** The form of a handover as a page, filled with what is known and blank where nothing is. */
export const followUpForm = (file: FollowUpForm): string => {
  const { vehicle, plan, reader, master, at } = file
  const attemptsOf = new Map(
    tasksOfPlan(vehicle, plan, at).map(({ kind, record }) => [kind, record.attempts] as const),
  )
  const ofCalls = (Object.keys(calls) as (keyof typeof calls)[]).map((kind) => ({
    name: calls[kind],
    attempts: attemptsOf.get(kind) ?? [],
  }))
  return formPage({
    office: '客户关爱',
    formNo: 'F3',
    title: '成交客户回访情况记录表',
    subject: plan.externalNo ?? plan.handoverId,
    band: [html`经销商：${unitNameIn(master, { tier: 'dealer', unit: plan.dealer })}`],
    head: headRow(
      '交车时间',
      timeOf(plan.handedOverAt),
      field('交车编号', plan.externalNo ?? plan.handoverId, 3),
    ),
    sections: [
      customerSection(file),
      ...ofCalls.map(({ name, attempts }) => callSection(name, attempts, file)),
      firstServiceSection(
        ofCalls.flatMap(({ attempts }) => attempts),
        visitsOfPlan(plan, vehicle),
      ),
    ],
    foot: footOf({ at, masked: reader.masks }),
  })
}
