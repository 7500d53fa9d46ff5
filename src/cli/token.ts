/** `npm run token -- --role rbo --rbo EAST`: prints a token for development. */
import '../umask.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { demoFolder } from '../demo/folder.ts'
import { claimsOf, signToken, tokenOptions, tokenUsage } from '../developmentToken.ts'
import { loadDevelopmentKey } from '../devKey.ts'
import { lockFile } from '../store/dataFolderLock.ts'
import { runCommand } from './command.ts'

/** Whether a service has that folder. */
const isInUse = (folder: string): boolean => {
  const file = join(folder, 'lock.db')
  if (!existsSync(file)) return false
  const unlock = lockFile(file)
  unlock?.()
  return unlock === null
}

/** The folder whose key signs: `DATA_DIR`, else that of the one service that runs, be it the demo. */
const folderOf = (dataDir: string): string => {
  if (process.env.DATA_DIR !== undefined) return dataDir
  const running = [dataDir, demoFolder].filter(isInUse)
  const folder = running.length === 1 ? (running[0] as string) : dataDir
  // not on standard output, which is the token and nothing else
  const state = running.includes(folder) ? 'running' : 'not running now'
  console.error(`Signed for the service on ${folder} (${state}); DATA_DIR names another.`)
  return folder
}

await runCommand({ usage: tokenUsage, options: tokenOptions }, async ({ values }) => {
  const config = readConfig(process.env)
  if (config.auth !== null)
    throw new Error('AUTH_* are set, so tokens come from that identity provider; unset them for development.')
  const claims = claimsOf(values)
  console.log(await signToken(claims, loadDevelopmentKey(folderOf(config.dataDir)), Date.now()))
  return 0
})
