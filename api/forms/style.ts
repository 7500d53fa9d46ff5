/**
 * How the forms look: black on white, one grid, A4 upright. The table fills one page: rows that are filled are as high
 * as their text, and what is left goes to the empty ones, for handwriting. Longer text flows on to further pages, the
 * first row repeated on each. Nothing depends on printed
 * backgrounds, which browsers leave out.
 */
export const style = `
@page {
  size: A4 portrait;
  margin: 11mm 12mm 13mm;
  @bottom-center { content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font: 8pt "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
}
* { box-sizing: border-box; }
html { background: #e9e9e9; color: #000; font: 9.5pt/1.4 "SimSun", "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC", serif; }
body { margin: 0; }
main { width: 210mm; min-height: 297mm; margin: 8mm auto; padding: 11mm 12mm 13mm; background: #fff; box-shadow: 0 0 4mm #bbb; }
header { display: grid; grid-template-columns: 1fr auto 1fr; align-items: end; border-bottom: 0.6mm double #000; padding-bottom: 1.5mm; }
header p { margin: 0; font-size: 9pt; }
.number { text-align: right; }
h1, th, .office, .boxes { font-family: "SimHei", "Heiti SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; }
h1 { margin: 0 4mm; font-size: 18pt; line-height: 1.2; letter-spacing: 0.12em; text-indent: 0.12em; font-weight: bold; }
.band { display: flex; justify-content: space-between; gap: 4mm; padding: 1.5mm 0.5mm 1mm; font-size: 9pt; }
.band span { unicode-bidi: plaintext; overflow-wrap: anywhere; }
table { width: calc(100% - 0.5mm); height: 250mm; margin: 0 0.25mm; border-collapse: collapse; table-layout: fixed; }
col.side { width: 7mm; }
col.label { width: 21mm; }
th, td { border: 0.25mm solid #000; padding: 0.4mm 1.2mm; height: 6.4mm; vertical-align: middle; text-align: left; overflow-wrap: anywhere; unicode-bidi: plaintext; }
th { font-size: 9pt; font-weight: normal; text-align: center; text-wrap: balance; padding: 0.6mm 0.4mm; line-height: 1.25; }
th.side { padding: 0; letter-spacing: 0; }
th.side span { display: block; width: 1em; margin: 0 auto; line-height: 1.3; font-weight: bold; }
tbody, thead { border: 0.5mm solid #000; }
tfoot td { height: auto; padding: 1.2mm 0 0; border: 0; border-top: 0.5mm solid #000; font-size: 8pt; }
/* of the cells and not of the row, or the name of a section would hold all its rows together */
.fields > :not(.side), .text:not(.long) > :not(.side), thead tr, tfoot tr { break-inside: avoid; }
.text td { vertical-align: top; padding: 1.2mm 1.8mm; }
.text p { margin: 0 0 0.5mm; white-space: pre-wrap; unicode-bidi: plaintext; orphans: 2; widows: 2; }
.text b { font-weight: bold; white-space: nowrap; }
.line { height: 5.4mm; margin: 0 0.5mm; border-bottom: 0.2mm dotted #555; }
.line:last-child { border-bottom: 0; }
/* rows without a height take what the page has left, and lines run down to their end; of sections, those that have one */
tbody:not(:has(.blank)) { height: 1px; }
.blank > :not(.side), .blank td { height: auto; }
.blank td { position: relative; }
.least { visibility: hidden; }
.ruled { position: absolute; inset: 1.2mm 1.8mm 0; overflow: hidden; }
.text:not(.blank) td { padding: 0.8mm 1.8mm; }
.signing { break-inside: avoid; break-before: avoid; }
.signing td { height: 8mm; }
.signatures div { display: flex; flex-wrap: wrap; align-items: end; gap: 1mm 8mm; }
.signature { display: flex; align-items: end; white-space: nowrap; }
.signature i { width: 30mm; height: 6mm; border-bottom: 0.25mm solid #000; }
.date { white-space: nowrap; padding-left: 7mm; }
.date i { display: inline-block; width: 6mm; }
.date.time { padding-left: 4mm; }
.date.time i { width: 4.6mm; }
.unit { padding-left: 14mm; }
.choice { display: inline-block; white-space: nowrap; margin-right: 2.4mm; }
.box { display: inline-block; width: 3.4mm; height: 3.4mm; margin-right: 0.9mm; border: 0.25mm solid #000; vertical-align: -0.5mm; }
.box svg { display: block; width: 100%; height: 100%; fill: none; stroke: #000; stroke-width: 1.6; }
.stack .boxes { display: grid; grid-template-columns: 1fr 1fr; gap: 1mm 4mm; margin-bottom: 1mm; }
@media print {
  html { background: #fff; }
  main { width: auto; min-height: 0; margin: 0; padding: 0; box-shadow: none; }
}
`
