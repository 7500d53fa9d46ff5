/** `npm run console`: builds the console's page into `build/console`. */
import { gzipSync } from 'node:zlib'
import { builtFolder, writeBuilt } from '../console/built.ts'
import { bundle } from '../console/bundle.ts'
import { runCommand } from './command.ts'

const usage = `Usage: npm run console
Builds the page of /console into build/console. Without it the service builds the page when it is first asked for.`

await runCommand({ usage }, async () => {
  const built = await bundle()
  writeBuilt(built)
  for (const [name, body] of built.assets)
    console.log(`${name}  ${(gzipSync(body).length / 1024).toFixed(1)} kB compressed`)
  console.log(`written to ${builtFolder}`)
  return 0
})
