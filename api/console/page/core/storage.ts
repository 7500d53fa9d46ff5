/** What the browser keeps. The token is kept per tab and goes with it; preferences stay. */

const safely = <T>(use: () => T, otherwise: T): T => {
  try {
    return use()
  } catch {
    // a browser may forbid storage
    return otherwise
  }
}

type KeptValues = {
  get(name: string): string | null
  set(name: string, value: string): void
  remove(name: string): void
}

const keptIn = (storage: () => Storage): KeptValues => ({
  get: (name) => safely(() => storage().getItem(`console.${name}`), null),
  set: (name, value) => safely(() => storage().setItem(`console.${name}`, value), undefined),
  remove: (name) => safely(() => storage().removeItem(`console.${name}`), undefined),
})

/** Of this tab only: the token and what belongs to it. */
export const ofTab: KeptValues = keptIn(() => sessionStorage)
/** Of this browser: language and shortcuts, nothing of a person. */
export const preferences: KeptValues = keptIn(() => localStorage)
