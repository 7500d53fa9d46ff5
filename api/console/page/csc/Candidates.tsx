/** The customer's tickets while the agent types, and what the system would do: a proposal, decided by the agent. */
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { label } from '../core/codes.ts'
import { hrefOf, route } from '../core/route.ts'
import { say, type Words } from '../core/words.ts'
import { instant } from '../time/format.ts'
import { unitName } from '../time/units.ts'

export type Proposal = 'contact' | 'escalate' | 'new'
export type FoundCandidates = {
  proposal: Proposal
  ticketNo: string | null
  items: (TicketAnswer & { proposal: Proposal })[]
}

const words = {
  title: { en: 'What this call is', zh: '来电归属' },
  contact: { en: 'A call on open ticket {ticketNo}', zh: '记为未结工单 {ticketNo} 的来电' },
  escalate: {
    en: 'A repeat of {ticketNo}, closed less than seven days ago: escalate',
    zh: '{ticketNo} 封闭后七日内再次投诉：升级处理',
  },
  new: { en: 'A new complaint', zh: '新投诉' },
  proposed: { en: 'proposed', zh: '系统建议' },
  other: { en: 'A different problem: a new complaint', zh: '不同问题：登记为新投诉' },
  choose: { en: 'Choose a category: what is proposed depends on it.', zh: '选择细分类后给出建议。' },
  nobody: { en: 'No ticket of this customer is known.', zh: '未找到该客户的工单。' },
  named: { en: 'The same problem as {ticketNo}', zh: '与 {ticketNo} 为同一问题' },
  closedAt: { en: 'closed {at}', zh: '{at} 封闭' },
} as const satisfies Record<string, Words>

/** `isDecided`: the category is known, which the proposal depends on. */
type Props = {
  found: FoundCandidates | null
  isDecided: boolean
  chosen: string
  onChoose(sameProblemAs: string): void
}

type ChoiceProps = {
  value: string
  chosen: string
  text: string
  note?: string
  onChoose(value: string): void
}

const Choice = ({ value, chosen, text, note, onChoose }: ChoiceProps) => (
  <label class="check">
    <input type="radio" name="same" checked={chosen === value} onChange={() => onChoose(value)} />
    <span>
      {text} {note !== undefined && <span class="tag">{note}</span>}
    </span>
  </label>
)

export const Candidates = ({ found, isDecided, chosen, onChoose }: Props) => {
  if (found === null) return null
  const { proposal, ticketNo, items } = found
  const pick = { chosen, onChoose }
  return (
    <fieldset class="candidates">
      <legend>{say(words.title)}</legend>
      {isDecided ? (
        <Choice
          {...pick}
          value="auto"
          text={say(words[proposal], { ticketNo: ticketNo ?? '' })}
          note={say(words.proposed)}
        />
      ) : (
        items.length > 0 && <p class="hint">{say(words.choose)}</p>
      )}
      {isDecided && proposal !== 'new' && <Choice {...pick} value="new" text={say(words.other)} />}
      {items.length === 0 && <p class="empty">{say(words.nobody)}</p>}
      <ul class="rows">
        {items.map((ticket) => (
          <li key={ticket.ticketNo} class="row">
            <a class="row-link" href={hrefOf({ screen: route.value.screen, ticketNo: ticket.ticketNo })}>
              {ticket.ticketNo}
            </a>
            <span class="row-tags">
              <span class={`tag state-${ticket.state}`}>{label('states', ticket.state)}</span>
            </span>
            <span class="row-what">
              <span translate={false}>{ticket.category}</span> {label('categories', ticket.category)}
            </span>
            <span class="row-who" translate={false}>
              {unitName(ticket.holder)} · {instant(ticket.registeredAt)}
              {ticket.closedAt !== null && ` · ${say(words.closedAt, { at: instant(ticket.closedAt) })}`}
            </span>
            {ticket.ticketNo !== ticketNo && ticket.proposal !== 'new' && (
              <span class="row-what above">
                <Choice
                  {...pick}
                  value={ticket.ticketNo}
                  text={say(words.named, { ticketNo: ticket.ticketNo })}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  )
}
