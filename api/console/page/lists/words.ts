/** Texts of lists. */
import type { Words } from '../core/words.ts'

export const listWords = {
  fresh: { en: '{count} new', zh: '{count} 条新增' },
  moved: { en: 'The list has changed: show', zh: '列表有变化，点击刷新' },
  gone: { en: 'no longer in this list', zh: '已不在此列表' },
  more: { en: 'Show more', zh: '显示更多' },
  loading: { en: 'Loading …', zh: '加载中…' },
  old: {
    en: 'This list could not be read again; it shows what was known before.',
    zh: '列表暂时无法刷新，显示的是之前的内容。',
  },
} as const satisfies Record<string, Words>
