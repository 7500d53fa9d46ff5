/**
 * `npm run openapi:lint`: the OpenAPI document by the recommended rules of Spectral and Redocly, without a network. Any
 * finding fails, warnings too: exit code 1.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runCommand } from '../src/cli/command.ts'

const root = join(import.meta.dirname, '..')
const document = 'openapi/openapi.json'

/** Neither asks for a newer version of itself, nor says to anybody that it ran. */
const env = {
  ...process.env,
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  NO_UPDATE_NOTIFIER: '1',
  CI: 'true',
}

type LintProblem = { rule: string; place: string; message: string }

/** What a program says on stdout as JSON. @throws Error where it says none */
const jsonOf = (script: string, args: readonly string[]): unknown => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 300_000,
  })
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(`${script} gave no result:\n${stderr.slice(-2_000)}`)
  }
}

const bySpectral = (): LintProblem[] => {
  const args = ['lint', document, '--ruleset', 'openapi/spectral.yaml', '--format', 'json', '--quiet']
  type Result = { code: string | number; path: (string | number)[]; message: string }
  return (jsonOf('@stoplight/spectral-cli/dist/index.js', args) as Result[]).map(
    ({ code, path, message }) => ({ rule: `spectral ${code}`, place: path.join(' '), message }),
  )
}

const byRedocly = (): LintProblem[] => {
  const args = ['lint', document, '--config', 'openapi/redocly.yaml', '--format=json', '--max-problems=1000']
  type Result = { problems: { ruleId: string; location: { pointer?: string }[]; message: string }[] }
  return (jsonOf('@redocly/cli/bin/cli.js', args) as Result).problems.map(
    ({ ruleId, location, message }) => ({
      rule: `redocly ${ruleId}`,
      place: location[0]?.pointer ?? '',
      message,
    }),
  )
}

const usage = `Usage: npm run openapi:lint
Checks ${document} by the recommended rules of Spectral and Redocly, without a network.`

await runCommand({ usage }, async () => {
  const findings = [...bySpectral(), ...byRedocly()]
  for (const { rule, place, message } of findings) console.error(`${rule}: ${message}\n  ${place}`)
  if (findings.length > 0) return 1
  console.log(`${document} has no finding of Spectral or Redocly.`)
  return 0
})
