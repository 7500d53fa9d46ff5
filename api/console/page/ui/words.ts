/** Texts of what every screen has. */
import type { Words } from '../core/words.ts'

export const uiWords = {
  close: { en: 'Close', zh: '收起' },
  back: { en: 'Back', zh: '返回' },
  cancel: { en: 'Cancel', zh: '取消' },
  send: { en: 'Send', zh: '提交' },
  sending: { en: 'Sending …', zh: '提交中…' },
  optional: { en: 'optional', zh: '选填' },
  choose: { en: 'Choose …', zh: '请选择…' },
  yes: { en: 'yes', zh: '是' },
  isMissing: { en: 'This is missing.', zh: '此项必填。' },
  no: { en: 'no', zh: '否' },
} as const satisfies Record<string, Words>
