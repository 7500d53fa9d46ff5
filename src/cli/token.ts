/** `npm run token -- --role rbo --rbo EAST`: prints a token for development. */
import '../umask.ts'
import { readConfig } from '../config.ts'
import { claimsOf, signToken, tokenUsage } from '../developmentToken.ts'
import { loadDevelopmentKey } from '../devKey.ts'

try {
  const config = readConfig(process.env)
  if (config.auth !== null) {
    throw new Error('AUTH_* are set, so tokens come from that identity provider; unset them for development.')
  }
  const claims = claimsOf(process.argv.slice(2))
  console.log(await signToken(claims, loadDevelopmentKey(config.dataDir), Date.now()))
} catch (error) {
  console.error(`${(error as Error).message}\n\n${tokenUsage}`)
  process.exitCode = 2
}
