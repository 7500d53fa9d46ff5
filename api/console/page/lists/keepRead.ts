/** Reads something of the API now, and again after news and in another language, one reading at a time; what passes is tried again. */
import { signal } from '@preact/signals'
import { ApiProblem } from '../core/api.ts'
import { language } from '../core/words.ts'
import { onNews } from '../live/live.ts'
import type { StreamItem } from '../live/reader.ts'

const retryMs = 3_000

type Options = {
  /** @throws ApiProblem */
  read(): Promise<void>
  /** News within so long make one reading, milliseconds. */
  gatherMs: number
  /** Whether an item may change what is read. */
  concerns(item: StreamItem): boolean
}

export const keepRead = ({ read, gatherMs, concerns }: Options) => {
  const problem = signal<ApiProblem | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isReading = false
  let isDirty = false
  let isEnded = false

  const readNow = async (): Promise<void> => {
    timer = undefined
    if (isReading) {
      isDirty = true
      return
    }
    isReading = true
    isDirty = false
    try {
      await read()
      problem.value = null
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
      // what is shown stays; only what passes is tried again
      if (error.status === 0 || error.status >= 500) readIn(retryMs)
    } finally {
      isReading = false
      if (isDirty) readIn(gatherMs)
    }
  }
  const readIn = (ms: number): void => {
    if (!isEnded) timer ??= setTimeout(() => void readNow(), ms)
  }
  const endNews = onNews((item) => {
    if (item === null || concerns(item)) readIn(gatherMs)
  })
  // names and labels come in the language that was asked for
  let asked = language.peek()
  const endLanguage = language.subscribe((wanted) => {
    if (wanted !== asked) readIn(0)
    asked = wanted
  })
  void readNow()
  return {
    problem,
    readAgain: (): void => readIn(0),
    end: (): void => {
      isEnded = true
      clearTimeout(timer)
      endNews()
      endLanguage()
    },
  }
}
