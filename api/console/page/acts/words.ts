/** Texts of forms of acts. */
import type { Words } from '../core/words.ts'

export const actWords = {
  missing: { en: 'Still missing: {fields}', zh: '尚缺：{fields}' },
  comma: { en: ', ', zh: '、' },
  semicolon: { en: '; ', zh: '；' },
  sendAllTheSame: { en: 'Send all the same', zh: '仍然提交' },
  changes: { en: 'What changed meanwhile', zh: '期间发生的变更' },
  kept: { en: 'What you typed is still here.', zh: '您填写的内容仍然保留。' },
  done: { en: 'Done: {act}', zh: '已完成：{act}' },
} as const satisfies Record<string, Words>
