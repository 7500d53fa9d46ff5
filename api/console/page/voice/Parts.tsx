/** Parts of what is shown of a sheet: a named text, and a text that may not be for the reader. */
import type { ComponentChildren } from 'preact'
import { say, type Words } from '../core/words.ts'
import { voiceWords as words } from './words.ts'

/** A text somebody wrote; `null`: it was erased, or is not for the reader. */
export const Written = ({ text }: { text: string | null }) =>
  text === null ? (
    <span class="hint">{say(words.masked)}</span>
  ) : (
    <span class="content" translate={false}>
      {text}
    </span>
  )

export const Fact = ({ name, children }: { name: Words; children: ComponentChildren }) => (
  <div>
    <dt>{say(name)}</dt>
    <dd>{children}</dd>
  </div>
)
