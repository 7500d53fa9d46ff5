/** What a ticket is about, as a list of facts. */
import type { ComponentChildren } from 'preact'
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { currentClock, Weight } from '../screens/TicketRow.tsx'
import { At, TimeLeft } from '../time/TimeLeft.tsx'
import { dealerName, unitName } from '../time/units.ts'
import { ticketWords as words } from './words.ts'

/** State, category and what falls due: what one looks for first. */
export const Headline = ({ ticket }: { ticket: TicketAnswer }) => {
  const { state, category, ordinal, dueAt, holder, level, provisional } = ticket
  return (
    <>
      <p class="row-tags">
        <span class={`tag state-${state}`}>{label('states', state)}</span>
        <span class="tag">{label('levels', level)}</span>
        {ordinal > 1 && <span class="tag">{say(words.ordinal, { ordinal })}</span>}
        <Weight {...ticket} />
      </p>
      <p class="headline">
        <span translate={false}>{category}</span> {label('categories', category)}
      </p>
      {dueAt !== null && (
        <TimeLeft clock={currentClock(ticket)} dueAt={dueAt} unit={holder} provisional={provisional} />
      )}
    </>
  )
}

const Fact = ({ name, children }: { name: Words; children: ComponentChildren }) => (
  <div>
    <dt>{say(name)}</dt>
    <dd translate={false}>{children}</dd>
  </div>
)

/** The parts of a person that are known, in the order in which one asks for them. */
const personOf = ({ customer }: TicketAnswer): string =>
  [customer.name, customer.phone, customer.contactPerson, customer.email, customer.address]
    .filter((each) => each !== null && each !== '')
    .join(' · ')

const vehicleOf = ({ vehicle }: TicketAnswer): string =>
  [vehicle.model, vehicle.plateNo, vehicle.vin].filter((each) => each !== null && each !== '').join(' · ')

export const Facts = ({ ticket }: { ticket: TicketAnswer }) => {
  const { holder, assignee, dealer, responsibleDealer, registeredAt, channel, calls, content, closing } =
    ticket
  const person = personOf(ticket)
  const vehicle = vehicleOf(ticket)
  return (
    <section class="facts">
      <dl>
        <Fact name={words.holder}>{unitName(holder)}</Fact>
        {assignee !== null && <Fact name={words.assignee}>{assignee}</Fact>}
        {dealer !== null && <Fact name={words.dealer}>{dealerName(dealer)}</Fact>}
        {responsibleDealer !== null && (
          <Fact name={words.responsibleDealer}>{dealerName(responsibleDealer)}</Fact>
        )}
        <Fact name={words.customer}>{person === '' ? say(words.masked) : person}</Fact>
        {vehicle !== '' && <Fact name={words.vehicle}>{vehicle}</Fact>}
        <Fact name={words.registered}>
          <At at={registeredAt} form="long" /> · {label('channels', channel)}
        </Fact>
        {calls > 0 && <Fact name={words.calls}>{calls}</Fact>}
      </dl>
      <h2>{say(words.content)}</h2>
      <p class="content" translate={false}>
        {content ?? say(words.masked)}
      </p>
      {ticket.initialCause !== null && (
        <dl>
          <Fact name={words.initialCause}>{ticket.initialCause}</Fact>
        </dl>
      )}
      {(ticket.remedy !== null || ticket.remedyText !== null) && (
        <dl>
          <Fact name={words.remedy}>
            {[ticket.remedy && label('remedies', ticket.remedy), ticket.remedyText]
              .filter(Boolean)
              .join(' · ')}
          </Fact>
        </dl>
      )}
      {closing !== null && (
        <>
          <h2>{say(words.closing)}</h2>
          <dl>
            <Fact name={words.result}>{closing.result ?? say(words.masked)}</Fact>
            <Fact name={words.measures}>{closing.measures ?? say(words.masked)}</Fact>
            {closing.rootCause !== null && <Fact name={words.rootCause}>{closing.rootCause}</Fact>}
            {closing.customerFeedback !== null && (
              <Fact name={words.feedback}>{closing.customerFeedback}</Fact>
            )}
          </dl>
        </>
      )}
    </section>
  )
}
