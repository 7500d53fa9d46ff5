/** What the lists of versions have in common. */
import { z } from 'zod'
import { digits, instantOutput, recordedActorOutput } from '../http/schemas.ts'

export const versionQuery = digits(z.int().min(0).max(1_000_000)).meta({
  description: 'A version of the list of versions; left out: what counts now.',
})

export const recordedAnswer = {
  recordedAt: instantOutput,
  recordedBy: recordedActorOutput,
}
