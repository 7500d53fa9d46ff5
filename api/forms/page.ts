/** The sheet of paper a form is on. */
import { createHash } from 'node:crypto'
import { type Html, html } from './html.ts'
import { style } from './style.ts'

export type Form = {
  /** Whose form it is; left out: that of complaint handling. */
  office?: string
  /** Of the form, as it is filed: `F1`. */
  formNo: string
  title: string
  /** Of the ticket or warning, for the browser's title and so the name of a PDF. */
  subject: string
  /** What stands between title and table, left to right. */
  band: readonly (Html | string | null)[]
  /** The row every page of a long form begins with. */
  head: Html
  sections: readonly Html[]
  /** Below the table on every page. */
  foot: string
}

/** Nothing but the page's own style: no script, no picture, no frame, no form that goes anywhere. */
export const policyWith = (ownStyle: string): string => {
  const styleHash = createHash('sha256').update(ownStyle).digest('base64')
  return `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}

export const contentSecurityPolicy = policyWith(style)

// the hash is of the very text between the tags, so the style goes in as it is
const styleElement: Html = { markup: `<style>${style}</style>` }

/** The whole document. */
export const formPage = ({
  office = '售前投诉处理',
  formNo,
  title,
  subject,
  band,
  head,
  sections,
  foot,
}: Form): string =>
  html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${title} ${subject}</title>
${styleElement}
</head>
<body>
<main>
<header>
<p class="office">${office}</p>
<h1>${title}</h1>
<p class="number">表单编号：${formNo}</p>
</header>
<div class="band">${band.map((piece) => html`<span>${piece}</span>`)}</div>
<table>
<colgroup><col class="side"><col class="label"><col><col class="label"><col><col class="label"><col></colgroup>
<thead>${head}</thead>
<tfoot><tr><td colspan="7">${foot}</td></tr></tfoot>
${sections}
</table>
</main>
</body>
</html>
`.markup
