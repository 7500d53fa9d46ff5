/** Sealing with the keys of subjects: texts, lookup hashes, digests; what was sealed or opened lately is kept in memory. */
import { hash, type KeyObject } from 'node:crypto'
import { createRecent } from '../../domain/recent.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { type Sealer, unreadable } from '../../domain/sealing.ts'
import type { SubjectId, SubjectKeys } from '../../domain/subjectKeys.ts'
import type { Derive } from './derivedKeys.ts'
import { createRequestDigest } from './requestDigests.ts'
import { decrypt, encrypt } from './sealedText.ts'

const sealedForm = /^v1\.([^.]+)\.([\w-]+)$/
const lookupHashBytes = 16
/** Sealed text of what was to be sealed for an erased subject. */
const nothingKept = 'AA'
/** Boxes held on to: those of the tickets a brand has open at a time. */
const mostTexts = 6_000
/** Hashes held on to, for a moment under load. */
const mostHashes = 2_000

/** Version and subject, which a sealed text is bound to: it opens as nobody else's and under no other version. */
const boundTo = (subject: SubjectId): Buffer => Buffer.from(`v1.${subject}`)

const parse = (sealed: string): { subject: SubjectId; bytes: Buffer } => {
  const [, subject, text] = sealedForm.exec(sealed) ?? []
  const bytes = Buffer.from(text ?? '', 'base64url')
  // Base64 can spell the same bytes in more ways than one; only our own spelling is a sealed text.
  if (subject === undefined || bytes.toString('base64url') !== text)
    throw new Error('the text is no sealed text')
  return { subject, bytes }
}

/** The end of a sealed text, which holds its authentication tag: short enough to look up by. */
const tagOf = (sealed: string): string => sealed.slice(-22)

/** The subject of a sealed text this process made. */
const subjectIn = (sealed: string): SubjectId => sealed.slice(3, sealed.indexOf('.', 3))

type RecentText = { sealed: string; json: string; made?: unknown }

/** Sealing with the keys of `keys`; lookup hashes and the service's own digests by the keys of `derive`. */
export const createSealing = (
  keys: SubjectKeys<KeyObject>,
  derive: Derive,
  onUnreadable: () => void = () => {},
): Sealer => {
  const lookupKey = derive('lookup hash').export().toString('base64')
  // What was just sealed or looked up is needed again at once, by the views that follow the log and by the next caller who
  // looks at the same queue again.
  const recent = createRecent<string, RecentText>(mostTexts)
  const hashes = createRecent<string, Uint8Array>(mostHashes)

  const cannotRead = (): typeof unreadable => {
    onUnreadable()
    return unreadable
  }
  const placeOf = (sealed: string): ReturnType<typeof parse> | null => {
    try {
      return parse(sealed)
    } catch {
      return null
    }
  }

  return {
    seal: (subject, value) => {
      const key = keys.get(subject)
      if (key === null) {
        if (keys.isKnown?.(subject) !== true)
          throw new Error(`subject ${subject} has no key: nothing can be sealed for it`)
        return `v1.${subject}.${nothingKept}` as SealedText
      }
      const json = JSON.stringify(value) as string | undefined
      if (json === undefined) throw new Error('what has no JSON form cannot be sealed')
      const bytes = encrypt(key, Buffer.from(json), boundTo(subject))
      const sealed = `v1.${subject}.${bytes.toString('base64url')}` as SealedText
      recent.put(tagOf(sealed), { sealed, json })
      return sealed
    },

    open: (sealed, once = false) => {
      const known = typeof sealed === 'string' ? recent.get(tagOf(sealed)) : undefined
      // an erased subject's text stays sealed, however lately it was sealed
      if (known?.sealed === sealed)
        return keys.get(subjectIn(sealed)) === null ? null : (JSON.parse(known.json) as unknown)
      const place = typeof sealed === 'string' ? placeOf(sealed) : null
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
      if (!once) recent.put(tagOf(sealed), { sealed, json })
      return JSON.parse(json) as unknown
    },

    kept: (sealed) => {
      const known = recent.get(tagOf(sealed))
      if (known?.made === undefined || known.sealed !== sealed) return undefined
      return keys.get(subjectIn(sealed)) === null ? undefined : known.made
    },

    keep: (sealed, made) => {
      const known = recent.get(tagOf(sealed))
      if (known?.sealed === sealed) known.made = made
    },

    subjectOf: (sealed) => parse(sealed).subject,

    forget: (subject) => {
      recent.dropWhere(({ sealed }) => subjectIn(sealed) === subject)
      // they are of everybody, and found by what nobody knows any more
      hashes.dropWhere(() => true)
    },

    lookupHash: (kind, value) => {
      const text = `${kind}\0${value}`
      const known = hashes.get(text)
      if (known !== undefined) return known
      // Key and text hashed in one go cost a fifth of an HMAC. What that guards against, going on from a digest to
      // that of a longer text, cannot be done from half a digest.
      // in memory of its own: a short buffer is part of one of 64 KiB, all of which is kept with it
      const digest = Buffer.allocUnsafeSlow(lookupHashBytes)
      digest.write(hash('sha256', `${lookupKey}\0${text}`), 'hex')
      hashes.put(text, digest)
      return digest
    },

    requestDigest: createRequestDigest(keys, derive),
  }
}
