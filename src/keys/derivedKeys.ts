/**
 * The keys of the service itself, one for each purpose: for lookup hashes, and for its own digests (of imports, locks and
 * cursors). They are made of the first master key and stay when it is changed: then they are kept under the new one.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { decrypt, encrypt } from './sealedText.ts'

const purposes = ['lookup hash', 'request digest'] as const
export type Purpose = (typeof purposes)[number]

/** Gives the key for a purpose. */
export type Derive = (purpose: Purpose) => KeyObject

/** The keys wrapped under a master key, base64. */
export type WrappedKeys = Record<Purpose, string>

/** Those of a master key that was never changed. */
export const deriveFrom =
  (masterKey: KeyObject): Derive =>
  (purpose) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, '', purpose, 32)))

export const wrapDerived = (derive: Derive, masterKey: KeyObject): WrappedKeys =>
  Object.fromEntries(
    purposes.map((purpose) => [
      purpose,
      encrypt(masterKey, derive(purpose).export(), Buffer.from(purpose)).toString('base64'),
    ]),
  ) as WrappedKeys

/** @throws Error where they were wrapped under another master key */
export const unwrapDerived =
  (wrapped: WrappedKeys, masterKey: KeyObject): Derive =>
  (purpose) =>
    createSecretKey(decrypt(masterKey, Buffer.from(wrapped[purpose], 'base64'), Buffer.from(purpose)))
