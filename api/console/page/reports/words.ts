/** Texts of the reports' screens, in the rulebook's words. */
import type { Words } from '../core/words.ts'

export const reportWords = {
  quarter: { en: 'Quarter', zh: '季度' },
  response: { en: 'Response rate', zh: '及时响应率' },
  close: { en: 'Close rate', zh: '及时封闭率' },
  firstTime: { en: 'First-time resolution rate', zh: '一次解决率' },
  met: { en: 'met', zh: '达成' },
  failed: { en: 'failed', zh: '未达成' },
  pending: { en: 'pending', zh: '待定' },
  counts: {
    en: '{met} met · {failed} failed · {pending} pending',
    zh: '达成 {met} · 未达成 {failed} · 待定 {pending}',
  },
  noRate: { en: 'none', zh: '无' },
  dealer: { en: 'Dealer', zh: '经销商' },
  unit: { en: 'Unit', zh: '单位' },
  units: { en: 'Units', zh: '考核单元' },
  total: { en: 'All', zh: '合计' },
  ticket: { en: 'Ticket', zh: '工单号' },
  dispatched: { en: 'Dispatched', zh: '分配时间' },
  firstShown: {
    en: 'The first {shown} of {all} are drawn; the table has all.',
    zh: '图中仅显示前 {shown} 项，共 {all} 项；完整数据见表格。',
  },
  showTable: { en: 'As numbers', zh: '数据表' },
  rbo: { en: 'RBO', zh: '品牌营销大区' },
  complaints: { en: 'Complaints', zh: '投诉量' },
  countsOf: { en: '{measure}, units', zh: '{measure}（单元）' },
  week: { en: 'Week', zh: '周' },
  showUnits: { en: 'Units behind these numbers', zh: '查看对应的考核单元' },
  hideUnits: { en: 'Hide the units', zh: '收起考核单元' },
  file: { en: 'As a file', zh: '下载文件' },
} as const satisfies Record<string, Words>
