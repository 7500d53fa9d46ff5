/** The frame of a screen that is read as a whole: heading, choices, what it is, a problem, or that it is loading. */
import type { ComponentChildren } from 'preact'
import type { ApiProblem } from '../core/api.ts'
import { say } from '../core/words.ts'
import { listWords } from '../lists/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'

type Props = {
  title: string
  /** Choices and acts beside the heading. */
  head?: ComponentChildren
  /** One sentence on what the screen is for. */
  hint?: string
  problem?: ApiProblem | null
  /** Nothing was read yet. */
  isLoading?: boolean
  children?: ComponentChildren
}

export const Report = ({ title, head, hint, problem = null, isLoading = false, children }: Props) => (
  <section class="report" aria-label={title}>
    <header class="report-head">
      <h2>{title}</h2>
      {head}
    </header>
    {hint !== undefined && <p class="hint">{hint}</p>}
    {problem !== null && <ProblemNote problem={problem} />}
    {isLoading && problem === null && <p class="empty">{say(listWords.loading)}</p>}
    {children}
  </section>
)
