import { createHash } from 'node:crypto'
import type { SealedText } from '../../domain/sealed.ts'
import type { Sealer } from '../../domain/sealing.ts'

/** Boxes anybody can open, until their subject is erased; hashes without a key. */
export const fakeSealing = () => {
  const erased = new Set<string>()
  const sealing: Sealer = {
    seal: (subject, value) =>
      `v1.${subject}.${Buffer.from(JSON.stringify(value)).toString('base64url')}` as SealedText,
    open: (box) => {
      const [, subject, text] = box.split('.') as [string, string, string]
      return erased.has(subject) ? null : (JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown)
    },
    kept: () => undefined,
    keep: () => {},
    subjectOf: (box) => box.split('.')[1] as string,
    forget: () => {},
    lookupHash: (kind, value) => createHash('sha256').update(`${kind} ${value}`).digest().subarray(0, 16),
    requestDigest: (subject, json) => createHash('sha256').update(`${subject} ${json}`).digest('base64url'),
  }
  return { sealing, erase: (subject: string) => erased.add(subject) }
}
