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
  const box = Buffer.allocUnsafe(nonceBytes + plain.length + tagBytes)
  const nonce = box.subarray(0, nonceBytes)
  fillNonce(nonce)
  const cipher = createCipheriv(algorithm, key, nonce)
  cipher.setAAD(bound)
  cipher.update(plain).copy(box, nonceBytes)
  cipher.final()
  cipher.getAuthTag().copy(box, nonceBytes + plain.length)
  return box
}

/** What `encrypt` was given. @throws Error where key, box or `bound` is another than then. */
export const decrypt = (key: KeyObject, box: Buffer, bound: Buffer): Buffer => {
  const end = box.length - tagBytes
  if (end < nonceBytes) throw new Error('the box is too short to be one')
  const decipher = createDecipheriv(algorithm, key, box.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(bound)
  decipher.setAuthTag(box.subarray(end))
  const plain = decipher.update(box.subarray(nonceBytes, end))
  decipher.final()
  return plain
}
