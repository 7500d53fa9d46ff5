/** The printable pages of a sheet of customer voice (rulebook §16): sheet, minutes of the meeting, evaluation. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { shanghaiTime, timeOf } from '../../domain/shanghaiTime.ts'
import { voiceSheetStatuses, voiceSurveys } from '../../domain/voice/codes.ts'
import { dealerOfId } from '../../domain/voice/events.ts'
import { readVoice } from '../commands/voice/voice.ts'
import { footOf, named } from '../forms/caseFile.ts'
import { type Html, html } from '../forms/html.ts'
import { formPage } from '../forms/page.ts'
import {
  boxes,
  dayField,
  type FormRow,
  field,
  headRow,
  row,
  section,
  signatures,
  signingRow,
  textRow,
  timeField,
} from '../forms/parts.ts'
import { pageAnswer, sendPage } from '../forms/routes.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { mayOpen, requireSeenSheet, sheetFor, sheetParams } from './requestContext.ts'
import type { VoiceSheetAnswer } from './responseSchemas.ts'

type Item = VoiceSheetAnswer['items'][number]

/** A sheet as the reader may see it, with the names of its units. */
type SheetForm = { sheet: VoiceSheetAnswer; dealer: string; rbo: string; foot: string }

const lines = { lines: 2 }
const signed = (...labels: string[]): FormRow[] =>
  labels.map((label) => signingRow(signatures([label], { columns: 6, dated: true })))

/** What stands above every item: which it is, and what it is about. */
const itemRows = ({ survey, indicator, score, text }: Item): FormRow[] => [
  row(
    field('指标', indicator),
    field('调查', voiceSurveys[survey].zh),
    field('评分', score === null ? '未评分' : `${score} 分`),
  ),
  textRow('客户声音', [text], lines),
]

const itemSections = ({ items }: VoiceSheetAnswer, rowsOf: (item: Item) => FormRow[]): Html[] =>
  items.map((item, index) => section(`条目${index + 1}`, rowsOf(item)))

const dueOf = ({ steps }: VoiceSheetAnswer, step: string) =>
  steps.findLast((each) => each.step === step)?.dueAt ?? null

/** `dueAt` is the first instant that is too late: people are told the last that is not. */
const until = (dueAt: string | null): string | null =>
  dueAt === null
    ? null
    : `${shanghaiTime(new Date(Date.parse(dueAt) - 1).toISOString()).slice(0, 10)} 24:00 前`

const page = (
  { sheet, dealer, rbo, foot }: SheetForm,
  { formNo, title, sections }: { formNo: string; title: string; sections: readonly Html[] },
): string =>
  formPage({
    office: '客户声音',
    formNo,
    title,
    subject: sheet.sheetId,
    band: [html`调查月份：${sheet.month}`, html`状态：${voiceSheetStatuses[sheet.status].zh}`],
    head: headRow('改进单号', sheet.sheetId, field('经销商', dealer), field('品牌营销大区', rbo)),
    sections,
    foot,
  })

const sheetForm = (filled: SheetForm): string => {
  const { sheet } = filled
  return page(filled, {
    formNo: 'V1',
    title: '客户声音改进单',
    sections: [
      section('下发', [
        row(
          timeField('下发时间', sheet.sentAt),
          field('会议期限', until(dueOf(sheet, 'meeting'))),
          field('条目数', sheet.items.length),
        ),
      ]),
      ...itemSections(sheet, itemRows),
      section('签收', signed('总部签发人', '经销商总经理')),
    ],
  })
}

const minutesForm = (filled: SheetForm): string => {
  const { sheet } = filled
  const { meeting } = sheet
  const returned = sheet.returns.at(-1)
  return page(filled, {
    formNo: 'V2',
    title: '改进会议纪要',
    sections: [
      section('会议', [
        row(
          timeField('会议时间', meeting?.heldAt ?? null),
          timeField('记录时间', meeting?.at ?? null),
          field('返回期限', until(dueOf(sheet, 'return'))),
        ),
        textRow('参会人员', [meeting?.attendees.join('、') ?? null], lines),
      ]),
      ...itemSections(sheet, (item) => [
        ...itemRows(item),
        textRow('改进措施', [item.plan?.measure ?? null], lines),
        row(field('责任人', item.plan?.person ?? null, 3), dayField('完成日期', item.plan?.endsOn ?? null)),
      ]),
      section('签字', [
        row(field('总经理', returned?.signedBy ?? null, 3), timeField('返回时间', returned?.at ?? null)),
        ...signed('记录人', '总经理（签字盖章）'),
      ]),
    ],
  })
}

const verdictOf = (item: Item): Html =>
  boxes([
    { label: '有效', ticked: item.judgement?.effective === true },
    { label: '无效', ticked: item.judgement?.effective === false },
  ])

const evaluationForm = (filled: SheetForm): string => {
  const { sheet } = filled
  const written = sheet.followUps.map(({ at, note }) =>
    note === null ? null : html`<b>${timeOf(at)}</b>　${note}`,
  )
  return page(filled, {
    formNo: 'V3',
    title: '改进效果评价表',
    sections: [
      ...itemSections(sheet, (item) => [
        ...itemRows(item),
        textRow('改进措施', [item.plan?.measure ?? null], lines),
        row(field('责任人', item.plan?.person ?? null, 3), dayField('完成日期', item.plan?.endsOn ?? null)),
        textRow('改进结果', [item.result ?? sheet.report?.summary ?? null], lines),
        row(
          field('评价', verdictOf(item)),
          field('评价说明', item.judgement?.note ?? null),
          field('案例发布', item.published === null ? null : `${item.published.amount} 元`),
        ),
      ]),
      section('跟进', [textRow('跟进记录', written, lines)]),
      section('签字', [
        row(timeField('报告时间', sheet.reportedAt, 3), timeField('评价完成', sheet.closedAt)),
        ...signed('经销商总经理', '品牌营销大区', '总部'),
      ]),
    ],
  })
}

const forms = {
  sheet: { made: sheetForm, summary: 'The sheet 客户声音改进单, to print and sign' },
  minutes: { made: minutesForm, summary: 'The minutes of the meeting 改进会议纪要, to print and sign' },
  evaluation: { made: evaluationForm, summary: 'The evaluation 改进效果评价表, to print and sign' },
} as const

const route = (deps: Deps, app: Parameters<ReturnType<Routes>>[0], name: keyof typeof forms): void => {
  const { made, summary } = forms[name]
  app.withTypeProvider<ZodTypeProvider>().get(
    `/v1/voice/sheets/:id/forms/${name}`,
    {
      config: { desk: 'voice', action: 'read', refusals: ['voice_sheet_not_found'] },
      schema: { tags: ['forms'], summary, params: sheetParams, response: { 200: pageAnswer } },
    },
    async (request, reply) => {
      const { id } = request.params
      const { state } = await readVoice(deps, dealerOfId(id))
      requireSeenSheet(request, state, id)
      const sheet = sheetFor(deps, request, state as NonNullable<typeof state>, id)
      const { master } = deps.views
      return sendPage(
        reply,
        made({
          sheet,
          dealer: named(master.dealer(sheet.dealer)?.name, sheet.dealer),
          rbo: named(master.rbo(sheet.rbo)?.name, sheet.rbo),
          foot: footOf({ at: deps.now(), masked: !mayOpen(request, sheet) }, '文字内容'),
        }),
      )
    },
  )
}

export const voiceFormRoutes: Routes = (deps) => async (plugin) => {
  for (const name of Object.keys(forms) as (keyof typeof forms)[]) route(deps, plugin, name)
}
