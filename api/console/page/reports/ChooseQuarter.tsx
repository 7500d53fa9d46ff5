/** The quarter a screen is about: this one or one of the seven before. */
import { now } from '../core/clock.ts'
import { say } from '../core/words.ts'
import { Choose } from './Choose.tsx'
import { quartersUpTo } from './quarters.ts'
import { reportWords } from './words.ts'

type Props = { chosen: { value: string }; onChosen?(): void }

export const ChooseQuarter = (props: Props) => (
  <Choose
    text={say(reportWords.quarter)}
    choices={quartersUpTo(now.peek()).map((each) => ({ value: each, text: each }))}
    {...props}
  />
)
