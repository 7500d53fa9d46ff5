/** Columns of the files of the care desk. */
import type { Labels } from '../files/labels.ts'

export const careLabels: Labels = {
  taskId: { zh: '任务号' },
  kind: { zh: '任务类型' },
  status: { zh: '任务状态' },
  handoverId: { zh: '交车号' },
  handedOverAt: { zh: '交车时间' },
  opensAt: { zh: '开放时间' },
  dueAt: { zh: '任务期限' },
  endedAt: { zh: '结束时间' },
  callOutcome: { zh: '回访结果' },
  attempts: { zh: '回访次数' },
  triage: { zh: '处理状态' },
  triageSince: { zh: '提交时间' },
  triageDueAt: { zh: '处理期限' },
  product: { zh: '产品反馈' },
  service: { zh: '服务反馈' },
  other: { zh: '其他反馈' },
}
