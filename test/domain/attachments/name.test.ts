import { expect, test } from '@jest/globals'
import { cleanName } from '../../../domain/attachments/name.ts'

const pdf = 'application/pdf' as const
const rlo = '\u202e'

test.each([
  ['letter.pdf', 'letter.pdf'],
  ['发票 2026年3月.pdf', '发票 2026年3月.pdf'],
  ['شكوى.pdf', 'شكوى.pdf'],
  ['жалоба 👩‍🔧.pdf', 'жалоба 👩🔧.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\windows\\win.ini', 'win.ini'],
  ['C:\\scan\\a.pdf', 'a.pdf'],
  ['folder/', 'folder'],
  ['..', 'attachment.pdf'],
  ['../', 'attachment.pdf'],
  ['', 'attachment.pdf'],
  [' . ', 'attachment.pdf'],
  ['\u200b\u2066', 'attachment.pdf'],
  [`invoice${rlo}fdp.exe`, 'invoicefdp.exe'],
  ['a\r\nSet-Cookie: x\0.pdf', 'aSet-Cookie_ x.pdf'],
  ['a"b<c>d|e?f*g.pdf', 'a_b_c_d_e_f_g.pdf'],
  ['.htaccess', 'htaccess'],
  ['half \ud83d.pdf', 'half �.pdf'],
  ['e\u0301.pdf', 'é.pdf'],
])('%j is kept as %j', (given, kept) => {
  expect(cleanName(given, pdf)).toBe(kept)
})

test('a long name keeps its ending and whole characters, in 200 bytes', () => {
  const name = cleanName(`${'投'.repeat(300)}.pdf`, pdf)
  expect(name).toBe(`${'投'.repeat(65)}.pdf`)
  expect(cleanName('👍'.repeat(100), pdf)).toBe('👍'.repeat(50))
})
