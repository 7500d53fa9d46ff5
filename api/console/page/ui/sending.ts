/** One act that is sent: pressed again it is the same act, until it is done or refused; what is sent then is another. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { ApiProblem, newKey } from '../core/api.ts'

export const useSending = () => {
  const isSending = useSignal(false)
  const problem = useSignal<ApiProblem | null>(null)
  const key = useRef(newKey())
  return {
    isSending,
    problem,
    /** Runs `work` with the key of the act, unless it runs already. Returns the problem it met; `null`: none. */
    run: async (work: (key: string) => Promise<void>): Promise<ApiProblem | null> => {
      if (isSending.peek()) return null
      isSending.value = true
      problem.value = null
      try {
        await work(key.current)
        key.current = newKey()
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error
        problem.value = error
        if (error.status >= 400 && error.status < 500) key.current = newKey()
      } finally {
        isSending.value = false
      }
      return problem.peek()
    },
  }
}
