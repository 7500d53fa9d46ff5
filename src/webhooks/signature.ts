/** Signatures of Standard Webhooks. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

const prefix = 'whsec_'

/** The key of a secret: base64, with or without `whsec_`. To be kept for some signatures: of bytes, a key is made each time. */
export const signingKeyOf = (secret: string): KeyObject =>
  createSecretKey(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64')

/**
 * The signature `v1` of a request: HMAC-SHA256 over its id, its time in seconds and its body, as base64. Receivers
 * verify it with any library of the standard; a test compares it with `standardwebhooks`, which takes five times as long.
 */
export const signatureOf = (
  key: KeyObject,
  { id, timestamp, body }: { id: string; timestamp: number; body: Buffer },
): string => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
