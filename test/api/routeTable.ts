/** The routes of the app as it registers them itself. */
import { buildApp } from '../../api/http/app.ts'
import type { Deps } from '../../api/http/deps.ts'
import type { Action } from '../../domain/authority.ts'

/** `exampleBody`: that of its documentation; `undefined` where it has none. */
export type Route = { method: string; url: string; actions: readonly Action[]; exampleBody: unknown }

/** Every route of the app with what it declares to do. */
export const routesOf = async (deps: Deps): Promise<Route[]> => {
  const found: Route[] = []
  const app = buildApp(deps)
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const each of [method].flat())
      found.push({
        method: each,
        url,
        actions: [config?.action ?? []].flat(),
        exampleBody: config?.example?.body,
      })
  })
  await app.ready()
  await app.close()
  return found
}
