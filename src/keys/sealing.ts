import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto'
import { createRecent } from '../../domain/recent.ts'
import type { Sealed } from '../../domain/sealed.ts'
import { type Sealing, unreadable } from '../../domain/sealing.ts'
import type { SubjectId, SubjectKeys } from '../../domain/subjectKeys.ts'
import { decrypt, encrypt } from './sealedText.ts'

const boxForm = /^v1\.([^.]+)\.([\w-]+)$/
const lookupHashBytes = 16
/** Boxes held on to: those of the tickets a brand has open at a time. */
const mostBoxes = 6_000
/** Hashes held on to, for a moment under load. */
const mostHashes = 2_000

const derive = (masterKey: KeyObject, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, '', purpose, 32)))

/** Version and subject, which a box is bound to: it opens as nobody else's and under no other version. */
const boundTo = (subject: SubjectId): Buffer => Buffer.from(`v1.${subject}`)

const parse = (box: string): { subject: SubjectId; bytes: Buffer } => {
  const [, subject, text] = boxForm.exec(box) ?? []
  const bytes = Buffer.from(text ?? '', 'base64url')
  // Base64 can spell the same bytes in more ways than one; only our own spelling is a box.
  if (subject === undefined || bytes.toString('base64url') !== text)
    throw new Error('the text is no sealed box')
  return { subject, bytes }
}

/** The end of a box, which holds its authentication tag: short enough to look up by. */
const tagOf = (box: string): string => box.slice(-22)

/** The subject of a box this process made. */
const subjectIn = (box: string): SubjectId => box.slice(3, box.indexOf('.', 3))

/** Sealing with the keys of `keys`; lookup hashes and the service's own digests by keys derived from `masterKey`. */
export const createSealing = (
  keys: SubjectKeys<KeyObject>,
  masterKey: KeyObject,
  onUnreadable: () => void = () => {},
): Sealing => {
  const lookupKey = derive(masterKey, 'lookup hash').export().toString('base64')
  const serviceDigestKey = derive(masterKey, 'request digest')
  // What was just sealed or looked up is asked for again at once, by the views that follow the log and by whoever
  // looks at the same queue again.
  const sealed = createRecent<string, { box: string; json: string }>(mostBoxes)
  const hashes = createRecent<string, Uint8Array>(mostHashes)
  // Held no longer than the subject's key itself.
  const digestKeys = new WeakMap<KeyObject, KeyObject>()

  /** One step of HKDF-Expand: the subject's key is random already, and this is 10 times cheaper than the whole. */
  const digestKeyOf = (key: KeyObject): KeyObject => {
    const known = digestKeys.get(key)
    if (known !== undefined) return known
    const derived = createSecretKey(createHmac('sha256', key).update('request digest\x01').digest())
    digestKeys.set(key, derived)
    return derived
  }

  const cannotRead = (): typeof unreadable => {
    onUnreadable()
    return unreadable
  }
  const placeOf = (box: string): ReturnType<typeof parse> | null => {
    try {
      return parse(box)
    } catch {
      return null
    }
  }

  return {
    seal: (subject, value) => {
      const key = keys.get(subject)
      if (key === null) throw new Error(`subject ${subject} has no key: nothing can be sealed for it`)
      const json = JSON.stringify(value) as string | undefined
      if (json === undefined) throw new Error('what has no JSON form cannot be sealed')
      const bytes = encrypt(key, Buffer.from(json), boundTo(subject))
      const box = `v1.${subject}.${bytes.toString('base64url')}` as Sealed
      sealed.put(tagOf(box), { box, json })
      return box
    },

    open: (box, once = false) => {
      const known = typeof box === 'string' ? sealed.get(tagOf(box)) : undefined
      // an erased subject's box stays shut, however lately it was sealed
      if (known?.box === box)
        return keys.get(subjectIn(box)) === null ? null : (JSON.parse(known.json) as unknown)
      const place = typeof box === 'string' ? placeOf(box) : null
      if (place === null) return cannotRead()
      const { subject, bytes } = place
      let plain: Buffer
      try {
        // throws where the key itself is damaged
        const key = keys.get(subject, once)
        if (key === null) return keys.isKnown?.(subject) === false ? cannotRead() : null
        plain = decrypt(key, bytes, boundTo(subject))
      } catch {
        return cannotRead()
      }
      const json = plain.toString()
      if (!once) sealed.put(tagOf(box), { box, json })
      return JSON.parse(json) as unknown
    },

    subjectOf: (box) => parse(box).subject,

    lookupHash: (kind, value) => {
      const text = `${kind}\0${value}`
      const known = hashes.get(text)
      if (known !== undefined) return known
      // Key and text hashed in one go cost a fifth of an HMAC. What that guards against, going on from a digest to
      // that of a longer text, cannot be done from half a digest.
      const digest = Buffer.from(hash('sha256', `${lookupKey}\0${text}`).slice(0, 2 * lookupHashBytes), 'hex')
      hashes.put(text, digest)
      return digest
    },

    requestDigest: (subject, canonicalJson) => {
      const key = subject === null ? serviceDigestKey : keys.get(subject)
      if (key === null) return null
      const digestKey = subject === null ? key : digestKeyOf(key)
      return createHmac('sha256', digestKey).update(canonicalJson).digest('base64url')
    },
  }
}
