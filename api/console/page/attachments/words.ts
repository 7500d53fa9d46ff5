/** Texts of attachments. */
import type { Words } from '../core/words.ts'

export const attachmentWords = {
  title: { en: 'Attachments', zh: '附件' },
  add: { en: 'Add a file', zh: '添加附件' },
  file: { en: 'File (20 MiB at most)', zh: '文件（不超过 20 MiB）' },
  files: { en: 'Files (20 MiB each at most)', zh: '附件（每个不超过 20 MiB）' },
  description: { en: 'What it is', zh: '说明' },
  download: { en: 'Download', zh: '下载' },
  remove: { en: 'Remove', zh: '移除' },
  removeCaution: { en: 'The file is gone and cannot be brought back.', zh: '文件将被删除，无法恢复。' },
  reason: { en: 'Reason', zh: '原因' },
  erased: { en: 'erased', zh: '已删除' },
  none: { en: 'There is no file.', zh: '没有附件。' },
  count: { en: 'Attachments: {count}', zh: '附件 {count} 个' },
  removed: { en: 'A file was removed since.', zh: '一个文件已被移除。' },
} as const satisfies Record<string, Words>
