/** SMS contacts (rulebook §13): a dealer sees its own and asks for changes; the call centre accepts or refuses. */
import { desk } from '../session/desk.ts'
import { me } from '../session/session.ts'
import { OfCallCentre } from './OfCallCentre.tsx'
import { OfDealer } from './OfDealer.tsx'

export const SmsContacts = () => {
  const dealer = me.value?.dealer ?? null
  return desk.value === 'dealer' && dealer !== null ? <OfDealer dealer={dealer} /> : <OfCallCentre />
}
