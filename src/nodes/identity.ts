/** Who this node is to the other nodes of a log: a number of its own, kept in its folder, and how often it has started. */
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** `incarnation` grows by one at each start, so that what an earlier one left behind can be told apart. */
export type NodeIdentity = { node: string; incarnation: number }

const write = (file: string, identity: NodeIdentity): void => {
  const draft = `${file}.new`
  const fd = openSync(draft, 'w', 0o600)
  try {
    writeSync(fd, `${JSON.stringify(identity)}\n`)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(draft, file)
}

const read = (file: string): NodeIdentity | null => {
  if (!existsSync(file)) return null
  try {
    const { node, incarnation } = JSON.parse(readFileSync(file, 'utf8')) as Partial<NodeIdentity>
    return typeof node === 'string' && Number.isSafeInteger(incarnation)
      ? { node, incarnation: incarnation as number }
      : null
  } catch {
    // a node that cannot tell who it was is a new one; what it left behind expires
    return null
  }
}

/** The identity in `folder`, one incarnation on and on the disk before it is used; a new one where there is none. */
export const nextIncarnation = (folder: string): NodeIdentity => {
  const file = join(folder, 'node.json')
  const before = read(file)
  const identity = { node: before?.node ?? randomUUID(), incarnation: (before?.incarnation ?? 0) + 1 }
  write(file, identity)
  return identity
}

/** A new identity for a folder whose own is used by another process too, as a copied folder's is. */
export const newIdentity = (folder: string): NodeIdentity => {
  const identity = { node: randomUUID(), incarnation: 1 }
  write(join(folder, 'node.json'), identity)
  return identity
}
