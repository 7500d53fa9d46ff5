import { z } from 'zod'

/**
 * Personal data or free text as the domain meets it: sealed with the key of one data subject, opaque here.
 * The API seals before a command is made and opens for those who may read; see `docs/adr/0004-personal-data.md`.
 */
export const sealedSchema = z.string().startsWith('v1.').brand('sealed')
export type SealedText = z.infer<typeof sealedSchema>
