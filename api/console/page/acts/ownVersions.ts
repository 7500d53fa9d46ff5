/**
 * The versions that the user's own acts made, by the path of what they were done on. The next form begins with such a
 * version also where what is shown has not been read again yet: nobody is told of a change that is their own.
 */
const versions = new Map<string, number>()

/** The version to decide on, where `shown` is the one that is shown. */
export const latestVersion = (path: string, shown: number): number => Math.max(shown, versions.get(path) ?? 0)

/** `etag`: of the answer to an act; `null`: it has none. */
export const noteOwnVersion = (path: string, etag: string | null): void => {
  if (etag !== null) versions.set(path, Number(JSON.parse(etag)))
}
