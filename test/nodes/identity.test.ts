import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { newIdentity, nextIncarnation } from '../../src/nodes/identity.ts'
import { temporaryFolder } from '../store/folder.ts'

let dir: string
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ dir, remove } = await temporaryFolder())
})
afterEach(() => remove())

describe('the identity of a node', () => {
  test('stays in its folder, and each start is one incarnation more', () => {
    const first = nextIncarnation(dir)
    expect(first.incarnation).toBe(1)
    expect(nextIncarnation(dir)).toEqual({ node: first.node, incarnation: 2 })
    expect(nextIncarnation(dir)).toEqual({ node: first.node, incarnation: 3 })
  })

  test('is a new one where the file says nothing, or the folder is a copy', () => {
    const { node } = nextIncarnation(dir)
    writeFileSync(join(dir, 'node.json'), '{"node":')
    const other = nextIncarnation(dir)
    expect(other.node).not.toBe(node)
    expect(other.incarnation).toBe(1)
    const renewed = newIdentity(dir)
    expect(renewed.node).not.toBe(other.node)
    expect(nextIncarnation(dir)).toEqual({ node: renewed.node, incarnation: 2 })
  })
})
