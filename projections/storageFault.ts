/**
 * Whether SQLite failed for what is around it, and will do it again later: no room, a file that cannot be written or
 * read just now, another process in the way. What is in the file is as it was before.
 */
export const isStorageFault = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  /^SQLITE_(FULL|READONLY|IOERR|CANTOPEN|BUSY)/.test(String(error.code))
