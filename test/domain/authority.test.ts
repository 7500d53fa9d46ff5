import { describe, expect, test } from '@jest/globals'
import {
  type Action,
  type Actor,
  actingRole,
  isOfUnit,
  permissions,
  type Role,
  roleSchema,
  roles,
} from '../../domain/authority.ts'
import { Refusal } from '../../domain/refusal.ts'

const everyRole = Object.keys(roles) as Role[]
const actor = (...of: Role[]): Actor => ({ id: 'somebody', roles: of })
const may = (role: Role, action: Action): boolean => {
  try {
    return actingRole(actor(role), action) === role
  } catch (error) {
    if (error instanceof Refusal && error.code === 'role_not_allowed') return false
    throw error
  }
}

const csc = ['csr', 'csr_media', 'csc_system']
/** The table of rulebook §2. */
const table: [Action, string[]][] = [
  ['register', csc],
  ['register_media', ['csr_media']],
  ['log_contact', csc],
  ['redispatch', csc],
  ['link_repeat', csc],
  ['record_callback', csc],
  ['look_for_candidates', csc],
  ['respond', ['dealer', 'rbo', 'se', 'se_media']],
  ['record_work', ['dealer', 'rbo', 'se', 'se_media']],
  ['inform_consumer', [...csc, 'dealer', 'rbo', 'se', 'se_media']],
  ['close', ['dealer', 'rbo', 'se', 'se_media']],
  ['ask_for_help', ['dealer']],
  ['record_feedback', ['se_media']],
  ['raise_warning', ['csr', 'se']],
  ['handle_warning', ['rbo', 'se', 'sa']],
  ['reclassify', ['csr', 'se', 'sa']],
  ['name_responsible_dealer', ['se_media']],
  ['convert_to_c', ['sa']],
  ['rescind', ['csc_supervisor', 'se', 'sa']],
  ['rescind_completed', ['sa']],
  ['recalculate', ['sa']],
  ['keep_master_data', ['hq_sales', 'admin']],
  ['settle_quarter', ['hq_sales', 'admin']],
  ['decide_tie', ['hq_sales']],
  ['try_policy', ['hq_sales', 'sa']],
  ['import', ['admin']],
  ['prove_log', ['sa', 'hq_sales', 'auditor']],
  ['read', everyRole],
  ['search_by_person', everyRole.filter((role) => !['hq_sales', 'admin', 'auditor'].includes(role))],
]

describe('who may do what', () => {
  test.each(table)('%s', (action, allowed) => {
    expect(everyRole.filter((role) => may(role, action))).toEqual(
      everyRole.filter((role) => allowed.includes(role)),
    )
  })

  test('the roles are those of the rulebook', () => {
    expect(roleSchema.options).toEqual(
      'csr csr_media csc_system csc_supervisor dealer rbo se se_media sa hq_sales admin auditor'.split(' '),
    )
  })

  test('of several roles the first that may is the one acted in', () => {
    expect(actingRole(actor('auditor', 'sa', 'csr'), 'reclassify')).toBe('sa')
    expect(actingRole(actor('csr', 'sa'), 'reclassify')).toBe('csr')
  })

  test('a refusal names the roles it takes', () => {
    try {
      actingRole(actor(), 'reclassify')
      throw new Error('not refused')
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal)
      expect((error as Refusal).message).toBe('None of your roles may do this; it takes one of: csr, se, sa.')
    }
  })

  test('every action is taken by a role at least', () => {
    expect(Object.values(permissions).filter((allowed) => allowed.length === 0)).toEqual([])
  })
})

describe('the people of a unit', () => {
  const D001: Actor = { ...actor('dealer'), dealer: 'D001' }
  const EAST: Actor = { ...actor('rbo'), rbo: 'EAST' }

  test('of a dealer and of an RBO are those whose token names it', () => {
    expect([isOfUnit(D001, 'dealer', 'D001'), isOfUnit(D001, 'dealer', 'D002')]).toEqual([true, false])
    expect([isOfUnit(EAST, 'rbo', 'EAST'), isOfUnit(EAST, 'rbo', 'NORTH')]).toEqual([true, false])
    expect(isOfUnit(actor('dealer'), 'dealer', 'D001')).toBe(false)
  })

  test('need the role, whatever unit they name', () => {
    expect(isOfUnit({ ...actor('csr'), dealer: 'D001' }, 'dealer', 'D001')).toBe(false)
    expect(isOfUnit({ ...D001, rbo: 'EAST' }, 'rbo', 'EAST')).toBe(false)
  })

  test('of a desk are those of the role', () => {
    for (const tier of ['se', 'se_media', 'sa'] as const)
      expect(isOfUnit(actor(tier), tier, tier.toUpperCase())).toBe(true)
    expect(isOfUnit(actor('se'), 'se_media', 'SE_MEDIA')).toBe(false)
  })

  test('of an import are taken to be the right ones', () => {
    expect(isOfUnit({ ...actor('dealer'), anyUnit: true }, 'dealer', 'D404')).toBe(true)
    expect(isOfUnit({ ...actor('dealer'), anyUnit: true }, 'rbo', 'EAST')).toBe(false)
  })
})
