import type { NameLookup } from '../../api/files/names.ts'

/** A reader of files in a language, to whom one dealer and one RBO have names. */
export const readingIn = (language: 'en' | 'zh'): NameLookup => ({
  language,
  unit: null,
  dealer: (code) => (code === 'D001' ? '上海一店' : null),
  rbo: (code) => (code === 'EAST' ? '华东大区' : null),
  topic: () => null,
  cause: () => null,
})
