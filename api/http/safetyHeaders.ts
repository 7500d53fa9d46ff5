/** Headers of every answer: no browser guesses a type, and no address of ours goes to another site. */
export const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const
