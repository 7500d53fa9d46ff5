/** What the console's routes are given: the built page, and where people sign in. */

/** The files of the page by their names, each of which contains a hash of its content. */
export type ConsoleBuild = {
  /** Names of the entry script and of its style sheet. */
  script: string
  style: string
  /** Names of the scripts that the entry and the desks import: asked for together with the entry. */
  preload: readonly string[]
  assets: ReadonlyMap<string, Uint8Array>
}

/** The identity provider people sign in at with a browser. */
export type ConsoleSignIn = { issuer: string; clientId: string }

export type ConsolePort = {
  /** The built page; built on the first call where there are no built files. @throws Error where it cannot be built */
  build(): Promise<ConsoleBuild>
  /** `null`: tokens are pasted. */
  signIn: ConsoleSignIn | null
}
