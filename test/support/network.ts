/** The small network that tests of the API play in. */
import type { TestService } from './service.ts'

const rbos = {
  EAST: { name: '华东大区' },
  NORTH: { name: '华北大区' },
  WEST: { name: '西部大区', calendar: 'CN-XJ' },
}
const dealers = {
  D001: { name: '上海一店', rbo: 'EAST' },
  D002: { name: '上海二店', rbo: 'EAST' },
  D003: { name: '北京一店', rbo: 'NORTH' },
  D004: { name: '乌鲁木齐一店', rbo: 'WEST' },
  D009: { name: '苏州停业店', rbo: 'EAST', active: false },
}

/** EAST with D001, D002 and the inactive D009, NORTH with D003, WEST (`CN-XJ`) with D004. */
export const enterNetwork = async (service: TestService): Promise<void> => {
  const admin = { roles: ['admin' as const], sub: 'admin' }
  for (const [code, body] of Object.entries(rbos))
    await service.call(admin, 'PUT', `/v1/rbos/${code}`, { body })
  for (const [code, body] of Object.entries(dealers))
    await service.call(admin, 'PUT', `/v1/dealers/${code}`, { body })
}
