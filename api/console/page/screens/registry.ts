/** Every screen: its address, who has it, its name, its component. A new screen is a component and an entry here. */
import type { ComponentType } from 'preact'
import type { Role } from '../../../../domain/authority.ts'
import type { Desk } from '../../../../domain/desk.ts'
import type { Words } from '../core/words.ts'

export type Screen = {
  /** In the address: `#/id`. */
  id: string
  /** The roles whose desk it is on. */
  roles: readonly Role[]
  /** The roles whose home it is; else that is the first screen of the role. */
  isHomeOf?: readonly Role[]
  words: Words
  /** The desk it is of, where policy can switch that off. */
  ofDesk?: Desk
  /** The screen whose entry of the head it shares; it is a tab of it. */
  within?: string
  /** What it is called among the tabs, where that is shorter. */
  tab?: Words
  /** Loaded when it is first opened. */
  load(): Promise<ComponentType>
}

// a few files, for each is a request, and a browser waits with some requests for the answers of others
const desks = () => import('./desks.ts')
const office = () => import('./office.ts')
const voice = () => import('./voice.ts')

export const screens: readonly Screen[] = [
  {
    id: 'se',
    roles: ['se', 'se_media', 'sa'],
    words: { en: 'Warnings and dues', zh: '预警与到期' },
    load: async () => (await desks()).SeDesk,
  },
  {
    id: 'calls',
    roles: ['csr', 'csr_media', 'csc_system'],
    words: { en: 'Calls', zh: '来电受理' },
    load: async () => (await desks()).CscDesk,
  },
  {
    id: 'dealer',
    roles: ['dealer'],
    words: { en: 'Our queue', zh: '本店工单' },
    load: async () => (await desks()).DealerDesk,
  },
  {
    id: 'rbo',
    roles: ['rbo'],
    words: { en: 'Our queues', zh: '品牌营销大区工作台' },
    load: async () => (await desks()).RboDesk,
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
    load: async () => (await desks()).TicketList,
  },
  {
    id: 'inquiries',
    roles: ['csr', 'csc_system', 'csc_supervisor', 'se', 'sa'],
    words: { en: 'Inquiries', zh: '咨询' },
    load: async () => (await desks()).Inquiries,
  },
  {
    id: 'objections',
    roles: ['dealer', 'rbo', 'sa', 'hq_sales', 'auditor'],
    words: { en: 'Objections', zh: '申诉' },
    load: async () => (await desks()).Objections,
  },
  {
    id: 'sms-contacts',
    roles: ['dealer', 'csr', 'csc_system', 'csc_supervisor'],
    words: { en: 'SMS contacts', zh: '短信联系人' },
    load: async () => (await desks()).SmsContacts,
  },
  {
    id: 'care',
    roles: ['dealer', 'rbo'],
    ofDesk: 'care',
    words: { en: 'Care calls', zh: '关怀回访' },
    load: async () => (await desks()).CareTasks,
  },
  {
    id: 'care-triage',
    roles: ['csr', 'csc_system'],
    ofDesk: 'care',
    words: { en: 'Dissatisfied customers', zh: '不满意客户' },
    load: async () => (await desks()).CareTriage,
  },
  {
    id: 'care-report',
    roles: ['dealer', 'rbo', 'se', 'sa', 'hq_sales', 'admin', 'auditor'],
    ofDesk: 'care',
    words: { en: 'Care report', zh: '回访统计' },
    load: async () => (await office()).CareReport,
  },
  {
    id: 'voice',
    roles: ['hq_sales', 'rbo', 'dealer', 'sa', 'auditor'],
    ofDesk: 'voice',
    words: { en: 'Customer voice', zh: '客户声音' },
    tab: { en: 'Sheets', zh: '改进单' },
    load: async () => (await voice()).Sheets,
  },
  {
    id: 'voice-items',
    roles: ['hq_sales'],
    ofDesk: 'voice',
    within: 'voice',
    words: { en: 'Items of customer voice', zh: '客户声音条目' },
    tab: { en: 'Items', zh: '条目' },
    load: async () => (await voice()).Items,
  },
  {
    id: 'voice-ledger',
    roles: ['hq_sales', 'rbo', 'dealer', 'sa', 'auditor'],
    ofDesk: 'voice',
    within: 'voice',
    words: { en: 'Ledger of customer voice', zh: '客户声音台账' },
    tab: { en: 'Ledger', zh: '台账' },
    load: async () => (await voice()).Ledger,
  },
  {
    id: 'voice-report',
    roles: ['hq_sales', 'rbo', 'dealer', 'sa', 'auditor'],
    ofDesk: 'voice',
    within: 'voice',
    words: { en: 'Report on customer voice', zh: '客户声音统计' },
    tab: { en: 'Report', zh: '统计' },
    load: async () => (await voice()).VoiceReport,
  },
  {
    id: 'picture',
    roles: ['rbo', 'se', 'se_media', 'sa', 'hq_sales', 'csc_supervisor', 'auditor', 'admin'],
    words: { en: 'Overview', zh: '概览' },
    load: async () => (await office()).Picture,
  },
  {
    id: 'rates',
    roles: ['dealer', 'rbo', 'se', 'se_media', 'sa', 'hq_sales', 'csc_supervisor', 'auditor', 'admin'],
    words: { en: 'Rates', zh: '三项指标' },
    load: async () => (await office()).Rates,
  },
  {
    id: 'assessment',
    roles: ['dealer', 'rbo', 'se', 'sa', 'hq_sales', 'admin', 'auditor'],
    isHomeOf: ['hq_sales'],
    words: { en: 'Assessment', zh: '季度考核' },
    load: async () => (await office()).Assessment,
  },
  {
    id: 'what-if',
    roles: ['hq_sales', 'sa'],
    words: { en: 'What if', zh: '试算' },
    load: async () => (await office()).WhatIf,
  },
  {
    id: 'policy',
    roles: ['hq_sales', 'sa', 'admin', 'auditor'],
    words: { en: 'Policy', zh: '规则参数' },
    load: async () => (await office()).PolicyScreen,
  },
  {
    id: 'calendars',
    roles: ['hq_sales', 'sa', 'admin', 'auditor'],
    words: { en: 'Calendars', zh: '日历' },
    load: async () => (await office()).Calendars,
  },
  {
    id: 'access-log',
    roles: ['sa', 'auditor'],
    words: { en: 'Access log', zh: '访问日志' },
    load: async () => (await office()).AccessLog,
  },
]

/** The id of the screen whose entry of the head shows this one. */
export const entryOf = ({ id, within }: Pick<Screen, 'id' | 'within'>): string => within ?? id

/** Shown beside a screen. */
export const sheetPanel: Pick<Screen, 'id' | 'load'> = {
  id: 'sheet',
  load: async () => (await voice()).SheetPanel,
}

/** The screens of a role, its home first. */
export const screensOf = (role: Role): readonly Screen[] =>
  screens
    .filter(({ roles }) => roles.includes(role))
    .sort((a, b) => Number(b.isHomeOf?.includes(role) ?? false) - Number(a.isHomeOf?.includes(role) ?? false))
