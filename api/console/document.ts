/** The one HTML document of the console, and the policy it is served under. */
import { html } from '../forms/html.ts'
import type { ConsoleBuild, ConsoleSignIn } from './port.ts'

/** Where the files of the page are served. */
export const assetsPath = '/console/assets'

/**
 * Nothing from another host and no inline code; scripts cannot turn text into markup. The identity provider's origin,
 * where there is one, is the only other address the page may call.
 */
export const contentSecurityPolicy = (signIn: ConsoleSignIn | null): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${signIn === null ? '' : ` ${new URL(signIn.issuer).origin}`}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')

/** An empty icon, so that no browser asks for one. */
const icon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Crect width=%2216%22 height=%2216%22 rx=%224%22 fill=%22%231f5f4a%22/%3E%3Cpath d=%22M4 5h8M4 8h8M4 11h5%22 stroke=%22white%22 stroke-width=%221.5%22/%3E%3C/svg%3E'

/** The page before its script has run. */
export const consoleDocument = (
  { script, style, preload }: ConsoleBuild,
  signIn: ConsoleSignIn | null,
): string =>
  html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
${signIn === null ? null : html`<meta name="sign-in" content="${JSON.stringify(signIn)}">`}
<title>投诉工单控制台</title>
<link rel="icon" href="${{ markup: icon }}">
<link rel="stylesheet" href="${assetsPath}/${style}">
${preload.map((name) => html`<link rel="modulepreload" href="${assetsPath}/${name}">`)}<script type="module" src="${assetsPath}/${script}"></script>
</head>
<body>
<div id="app"></div>
<noscript><p>本页面需要启用 JavaScript。This page needs JavaScript.</p></noscript>
</body>
</html>
`.markup
