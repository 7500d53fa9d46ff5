import type { roles } from '../../domain/authority.ts'
import { signToken } from '../../src/developmentToken.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'

type Unit = { dealer?: string; rbo?: string }

/** A token of the development key in that folder. */
export const tokenFor = (folder: string, role: keyof typeof roles, unit: Unit = {}): Promise<string> => {
  const sub = ['bench', role, unit.dealer, unit.rbo].filter((part) => part !== undefined).join('-')
  return signToken({ sub, roles: [role], hours: 2, ...unit }, loadDevelopmentKey(folder), Date.now())
}
