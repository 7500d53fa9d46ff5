/** The letter page: a Chinese letter on A4, with the head of the brand's complaint desk (rulebook §14). */
import { letterKinds } from '../../domain/codes.ts'
import { dateOf } from '../../domain/shanghaiTime.ts'
import { type Html, html } from '../forms/html.ts'
import { policyWith } from '../forms/page.ts'
import type { Letter } from './letters.ts'

/** A4 with the margins of an official letter; body in the type size of 四号. */
export const letterStyle = `
@page {
  size: A4 portrait;
  margin: 30mm 26mm 28mm 28mm;
  @bottom-center { content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font: 9pt "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
}
* { box-sizing: border-box; }
html { background: #e9e9e9; color: #000; font: 14pt/1.75 "FangSong", "STFangsong", "SimSun", "Songti SC", "Noto Serif CJK SC", "Noto Sans CJK SC", serif; }
body { margin: 0; }
main { width: 210mm; min-height: 297mm; margin: 8mm auto; padding: 30mm 26mm 28mm 28mm; background: #fff; box-shadow: 0 0 4mm #bbb; }
header { border-bottom: 0.7mm solid #000; padding-bottom: 2mm; display: flex; justify-content: space-between; align-items: end; gap: 6mm; }
header p { margin: 0; }
.office { font: bold 20pt/1.2 "SimHei", "Heiti SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; letter-spacing: 0.1em; white-space: nowrap; }
.number { font-size: 10.5pt; line-height: 1.4; text-align: right; overflow-wrap: anywhere; }
h1 { margin: 9mm 0 7mm; font: bold 18pt/1.4 "SimHei", "Heiti SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; text-align: center; text-wrap: balance; overflow-wrap: anywhere; unicode-bidi: plaintext; }
.to, .text p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; orphans: 2; widows: 2; }
.text p { text-indent: 2em; min-height: 1.75em; }
.text p.flush { text-indent: 0; }
.signed { margin: 14mm 0 0 auto; width: max-content; max-width: 100%; text-align: center; break-inside: avoid; }
.signed p { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 12mm; font-size: 9pt; line-height: 1.4; }
footer:empty { display: none; }
@media print {
  html { background: #fff; }
  main { width: auto; min-height: 0; margin: 0; padding: 0; box-shadow: none; }
}
`

export const letterPolicy = policyWith(letterStyle)

/** A closing formula stands at the margin, not indented, after 此致. */
const isFlush = (line: string): boolean => /^敬礼[!！。]?$/.test(line.trim())

/** White space that a writer put before a paragraph is not added to its indent. */
const paragraphs = (body: string): Html[] =>
  body
    .trim()
    .split(/\r?\n/)
    .map(
      (line) => html`<p class="${isFlush(line) ? 'flush' : 'own'}">${line.trim()}</p>
`,
    )

const salutation = (addressee: string): string => `${addressee.trim().replace(/[:：]$/, '')}：`

/** `signedBy`: the unit in words. `masked`: the reader does not see what was written. */
export const letterPage = (
  { ticketNo, number, kind, addressee, subject, body, writtenAt }: Letter,
  { signedBy, masked }: { signedBy: string; masked: boolean },
): string => {
  const title = letterKinds[kind].zh
  const letterNo = `${ticketNo} 第 ${number} 号`
  const hidden = masked
    ? '收函人、事由及正文已按权限隐去。'
    : body === null
      ? '客户信息已删除，正文不再保存。'
      : null
  return html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${title} ${letterNo}</title>
${{ markup: `<style>${letterStyle}</style>` }}
</head>
<body>
<main>
<header>
<p class="office">售前投诉处理</p>
<p class="number">${title}<br>工单 ${letterNo}</p>
</header>
<h1>${subject ?? title}</h1>
${addressee === null ? null : html`<p class="to">${salutation(addressee)}</p>`}
<div class="text">
${body === null ? null : paragraphs(body)}</div>
<div class="signed">
<p>${signedBy}</p>
<p>${dateOf(writtenAt)}</p>
</div>
<footer>${hidden}</footer>
</main>
</body>
</html>
`.markup
}
