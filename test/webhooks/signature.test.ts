import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { signatureOf, signingKeyOf } from '../../src/webhooks/signature.ts'

const secrets = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.boolean())
  .map(([bytes, isPrefixed]) => `${isPrefixed ? 'whsec_' : ''}${Buffer.from(bytes).toString('base64')}`)

test('a signature is the one of the standard’s own library, whatever the secret, the id and the body', () => {
  fc.assert(
    fc.property(
      secrets,
      fc.uuid(),
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.string({ unit: 'binary', maxLength: 2_000 }),
      (secret, id, timestamp, text) => {
        const body = Buffer.from(text)
        expect(signatureOf(signingKeyOf(secret), { id, timestamp, body })).toBe(
          new Webhook(secret).sign(id, new Date(timestamp * 1_000), body.toString()),
        )
      },
    ),
    { examples: [['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'e', 0, '好\ud800\u0000']] },
  )
})
