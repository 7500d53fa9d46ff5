/** Choices above lists of the customer-voice desk. */
import { say } from '../core/words.ts'
import { Choose } from '../reports/Choose.tsx'
import { desk } from '../session/desk.ts'
import { dealers } from '../time/units.ts'
import { voiceWords as words } from './words.ts'

/** The dealers in the user's scope; nothing for a dealer, who has one. */
export const ChooseDealer = ({ chosen }: { chosen: { value: string } }) => {
  if (desk.value === 'dealer') return null
  return (
    <Choose
      text={say(words.dealer)}
      chosen={chosen}
      choices={[
        { value: '', text: say(words.all) },
        ...[...dealers.value.values()].map(({ code, name }) => ({ value: code, text: `${name} (${code})` })),
      ]}
    />
  )
}

/** What of the filters is set, as a query. */
export const queryOf = (filters: Readonly<Record<string, string>>): string => {
  const set = Object.entries(filters).filter(([, value]) => value !== '')
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}
