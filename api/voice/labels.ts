/** Columns of the files of the customer-voice desk. */
import type { Labels } from '../files/labels.ts'

export const voiceLabels: Labels = {
  itemId: { zh: '条目号' },
  month: { zh: '调查月份' },
  survey: { zh: '调查' },
  indicator: { zh: '指标' },
  score: { zh: '评分' },
  dropReason: { zh: '剔除原因' },
  enteredAt: { zh: '录入时间' },
  text: { zh: '客户声音' },
  enteredText: { zh: '录入原文' },
  sheetId: { zh: '改进单号' },
  subjectId: { zh: '数据主体编号' },
  sentAt: { zh: '下发时间' },
  step: { zh: '待办环节' },
  dueAt: { zh: '环节期限' },
  metAt: { zh: '会议记录时间' },
  returnedAt: { zh: '返回时间' },
  acceptedAt: { zh: '审核通过时间' },
  reportedAt: { zh: '结果报告时间' },
  closedAt: { zh: '全部评价时间' },
  entryId: { zh: '台账号' },
  amount: { zh: '金额（元）', kind: 'money' },
  bookedAt: { zh: '记账时间' },
  bookedBy: { zh: '记账人' },
  reverses: { zh: '冲销的台账号' },
  reversedAt: { zh: '被冲销时间' },
}

/** Those of the ledger, where the step is the one that was late. */
export const ledgerLabels: Labels = {
  ...voiceLabels,
  kind: { zh: '记账类型' },
  step: { zh: '超期环节' },
  reason: { zh: '冲销原因' },
}
