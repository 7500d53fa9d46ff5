/** Webhooks: endpoints that get events, and the result of each delivery. Role `admin`. */
import type { Routes } from '../http/deps.ts'
import { actRoutes } from './acts.ts'
import { deliveryRoutes } from './deliveries.ts'
import { readRoutes, settingsRoutes } from './settings.ts'

export const webhookRoutes: Routes = (deps) => async (app) => {
  for (const part of [settingsRoutes, actRoutes, readRoutes, deliveryRoutes]) await app.register(part(deps))
}
