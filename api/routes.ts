/** Every resource of the API; a new one is added here. */
import { codeRoutes } from './codes.ts'
import type { Routes } from './deps.ts'
import { healthRoutes } from './health.ts'
import { calendarRoutes } from './masterData/calendars.ts'
import { dealerRoutes } from './masterData/dealers.ts'
import { policyRoutes } from './masterData/policy.ts'
import { rboRoutes } from './masterData/rbos.ts'
import { problemRoutes } from './problemPages.ts'

export const routes: readonly Routes[] = [
  healthRoutes,
  problemRoutes,
  codeRoutes,
  dealerRoutes,
  rboRoutes,
  calendarRoutes,
  policyRoutes,
]
