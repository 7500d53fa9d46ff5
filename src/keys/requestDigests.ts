/** Digests of request bodies, keyed by the subject a request is about, so that none says anything once it is erased. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Sealer } from '../../domain/sealing.ts'
import type { SubjectKeys } from '../../domain/subjectKeys.ts'
import type { Derive } from './derivedKeys.ts'

export const createRequestDigest = (
  keys: Pick<SubjectKeys<KeyObject>, 'get'>,
  derive: Derive,
): Sealer['requestDigest'] => {
  const serviceKey = derive('request digest')
  // Held no longer than the subject's key itself.
  const derivedKeys = new WeakMap<KeyObject, KeyObject>()

  /** One step of HKDF-Expand: the subject's key is random already, and this is 10 times cheaper than the whole. */
  const digestKeyOf = (key: KeyObject): KeyObject => {
    const known = derivedKeys.get(key)
    if (known !== undefined) return known
    const derived = createSecretKey(createHmac('sha256', key).update('request digest\x01').digest())
    derivedKeys.set(key, derived)
    return derived
  }

  return (subject, canonicalJson) => {
    const key = subject === null ? serviceKey : keys.get(subject)
    if (key === null) return null
    const digestKey = subject === null ? key : digestKeyOf(key)
    return createHmac('sha256', digestKey).update(canonicalJson).digest('base64url')
  }
}
