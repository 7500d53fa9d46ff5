/** What assistive technology is told without a change of focus: each thing once. */
import { signal } from '@preact/signals'

export const announced = signal('')

const mostKept = 500
const told = new Set<string>()

/** Says a sentence once for its `id`. */
export const announce = (id: string, sentence: string): void => {
  if (told.has(id)) return
  if (told.size >= mostKept) told.delete(told.values().next().value as string)
  told.add(id)
  announced.value = sentence
}
