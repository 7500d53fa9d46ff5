/** The SMS contacts of a dealer, and what it asked for. */
import { useSignal } from '@preact/signals'
import type { SmsRequestAnswer } from '../../../sms/responseSchemas.ts'
import { choicesOf, label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import type { StreamItem } from '../live/reader.ts'
import { Report } from '../reports/Report.tsx'
import { instant } from '../time/format.ts'
import { AskDialog, type AskedField, type Values } from '../ui/asked.tsx'
import { Requests, Table } from './Requests.tsx'
import { smsWords as words } from './words.ts'

type Contact = {
  contactId: string
  name: string | null
  mobile: string | null
  duty: string
  acceptedAt: string
}
type OfDealer = { contacts: Contact[]; requests: SmsRequestAnswer[] }

const concerns = (item: StreamItem): boolean => item.type === 'sms_contact.changed'

const personFields: readonly AskedField[] = [
  { name: 'name', text: words.name, kind: 'line', isRequired: true },
  { name: 'mobile', text: words.mobile, kind: 'line', isRequired: true },
  {
    name: 'duty',
    text: words.duty,
    kind: 'choice',
    isRequired: true,
    choices: () => choicesOf('smsDuties'),
  },
]

const known = ({ name, mobile, duty }: Contact): Values => ({ name: name ?? '', mobile: mobile ?? '', duty })

/** Only what differs is asked for. */
const changesOf = (contact: Contact, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => value.trim() !== known(contact)[name]))

type ContactAction = { action: 'add' } | { action: 'change' | 'delete'; contact: Contact }

const ContactDialog = ({
  dealer,
  asked,
  ...dialog
}: { dealer: string; asked: ContactAction } & DialogEnds) => {
  const contact = asked.action === 'add' ? null : asked.contact
  const isDeletion = asked.action === 'delete'
  return (
    <AskDialog
      title={`${say(words[asked.action])} ${contact?.name ?? ''}`}
      path={`/v1/dealers/${encodeURIComponent(dealer)}/sms-contacts`}
      fields={isDeletion ? [] : personFields}
      initial={contact === null ? {} : known(contact)}
      body={(values) => ({
        action: asked.action,
        ...(contact !== null && { contactId: contact.contactId }),
        ...(contact === null ? values : isDeletion ? {} : changesOf(contact, values)),
      })}
      {...(isDeletion && { caution: say(words.deleteCaution) })}
      {...dialog}
    />
  )
}

type DialogEnds = { onDone(): void; onClose(): void }

export const OfDealer = ({ dealer }: { dealer: string }) => {
  const { answer, problem, readAgain } = useAnswer<OfDealer>(
    `/v1/dealers/${encodeURIComponent(dealer)}/sms-contacts`,
    concerns,
  )
  const open = useSignal<ContactAction | null>(null)
  const close = (): void => {
    open.value = null
  }
  const { contacts = [], requests = [] } = answer.value ?? {}
  return (
    <Report
      title={say(words.title)}
      hint={say(words.lead)}
      problem={problem.value}
      isLoading={answer.value === null}
      head={
        <button
          type="button"
          class="primary"
          onClick={() => {
            open.value = { action: 'add' }
          }}
        >
          {say(words.add)}
        </button>
      }
    >
      {answer.value !== null && contacts.length === 0 && <p class="empty">{say(words.nobody)}</p>}
      {contacts.length > 0 && (
        <Table
          label={say(words.title)}
          heads={[words.name, words.mobile, words.duty, words.since, words.acts]}
        >
          {contacts.map((contact) => (
            <tr key={contact.contactId}>
              <th scope="row" translate={false}>
                {contact.name}
              </th>
              <td class="whole" translate={false}>
                {contact.mobile}
              </td>
              <td class="whole">{label('smsDuties', contact.duty)}</td>
              <td class="whole" translate={false}>
                {instant(contact.acceptedAt)}
              </td>
              <td>
                <span class="buttons">
                  {(['change', 'delete'] as const).map((action) => (
                    <button
                      key={action}
                      type="button"
                      onClick={() => {
                        open.value = { action, contact }
                      }}
                    >
                      {say(words[action])}
                    </button>
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {requests.length > 0 && (
        <>
          <h3>{say(words.requests)}</h3>
          <Requests requests={requests} />
        </>
      )}
      {open.value !== null && (
        <ContactDialog
          dealer={dealer}
          asked={open.value}
          onClose={close}
          onDone={() => {
            close()
            readAgain()
          }}
        />
      )}
    </Report>
  )
}
