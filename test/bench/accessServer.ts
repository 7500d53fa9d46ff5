/** One service on a folder at two addresses: at the second, answers leave no line in the access log. Says both. */
import { pino } from 'pino'
import { buildApp } from '../../api/http/app.ts'
import { readConfig } from '../../src/config.ts'
import { openCore } from '../../src/core.ts'

const [folder = ''] = process.argv.slice(2)
const config = readConfig({ DATA_DIR: folder, METRICS_PORT: '0', RATE_LIMIT_PER_MINUTE: '0' })
const core = await openCore(config, { log: pino({ level: 'warn' }) })
await core.ready
const logged = buildApp(core.deps)
const silent = buildApp({ ...core.deps, access: { ...core.deps.access, write: async () => {} } })
const urls: string[] = []
for (const app of [logged, silent]) urls.push(await app.listen({ host: '127.0.0.1', port: 0 }))
process.on('message', async (asked) => {
  if (asked === 'usage') {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
    return
  }
  await Promise.all([logged.close(), silent.close()])
  await core.close()
  process.exit(0)
})
process.on('disconnect', () => process.exit(0))
process.send?.(urls)
