/** Waits for something no longer than so many milliseconds; what comes later is nobody's. @throws Error `late` */
export const within = async <T>(ms: number, late: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), ms)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
