import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

// Random bytes are fetched many at a time: a call for twelve costs as much as a call for thousands.
const noncePool = Buffer.alloc(nonceBytes * 1024)
let nonceOffset = noncePool.length

const fillNonce = (target: Buffer): void => {
  if (nonceOffset === noncePool.length) {
    randomFillSync(noncePool)
    nonceOffset = 0
  }
  noncePool.copy(target, 0, nonceOffset, nonceOffset + nonceBytes)
  nonceOffset += nonceBytes
}

/** AES-256-GCM under a fresh random nonce: nonce, ciphertext, tag. `bound` must be given again to open it. */
export const encrypt = (key: KeyObject, plain: Buffer, bound: Buffer): Buffer => {
  const sealed = Buffer.allocUnsafe(nonceBytes + plain.length + tagBytes)
  const nonce = sealed.subarray(0, nonceBytes)
  fillNonce(nonce)
  const cipher = createCipheriv(algorithm, key, nonce)
  cipher.setAAD(bound)
  cipher.update(plain).copy(sealed, nonceBytes)
  cipher.final()
  cipher.getAuthTag().copy(sealed, nonceBytes + plain.length)
  return sealed
}

/** What `encrypt` was given. @throws Error where key, text or `bound` is another than then. */
export const decrypt = (key: KeyObject, sealed: Buffer, bound: Buffer): Buffer => {
  const end = sealed.length - tagBytes
  if (end < nonceBytes) throw new Error('the sealed text is too short to be one')
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(bound)
  decipher.setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(nonceBytes, end))
  decipher.final()
  return plain
}
