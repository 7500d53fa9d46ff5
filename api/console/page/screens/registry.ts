/** Every screen: its address, who has it, its name, its file. A new screen is a file and an entry here. */
import type { ComponentType } from 'preact'
import type { Role } from '../../../../domain/authority.ts'
import type { Words } from '../core/words.ts'

export type Screen = {
  /** In the address: `#/id`. */
  id: string
  /** The roles whose desk it is on. The first screen of a role is its home. */
  roles: readonly Role[]
  words: Words
  /** Loaded when it is first opened. */
  load(): Promise<ComponentType>
}

export const screens: readonly Screen[] = [
  {
    id: 'se',
    roles: ['se', 'se_media', 'sa'],
    words: { en: 'Warnings and dues', zh: '预警与到期' },
    load: async () => (await import('../se/SeDesk.tsx')).SeDesk,
  },
  {
    id: 'tickets',
    roles: [
      'csr',
      'csr_media',
      'csc_system',
      'csc_supervisor',
      'dealer',
      'rbo',
      'se',
      'se_media',
      'sa',
      'hq_sales',
      'admin',
      'auditor',
    ],
    words: { en: 'Open tickets', zh: '未结工单' },
    load: async () => (await import('./TicketList.tsx')).TicketList,
  },
]

/** The screens of a role, its home first. */
export const screensOf = (role: Role): readonly Screen[] =>
  screens.filter(({ roles }) => roles.includes(role))
