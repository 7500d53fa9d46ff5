/** Headers of every answer: no browser guesses a type, and no address of ours goes to another site. */
export const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

/** Headers of every problem, also of those outside any route: nobody keeps it. */
export const problemHeaders = { ...safetyHeaders, 'cache-control': 'no-store' } as const
