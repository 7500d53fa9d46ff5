/** A new inquiry, with its files. */
import { useSignal } from '@preact/signals'
import { useUploads } from '../attachments/attachments.ts'
import { FileField } from '../attachments/FileField.tsx'
import { attachmentWords } from '../attachments/words.ts'
import { send } from '../core/api.ts'
import { choicesOf } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { AskDialog, type AskedField, bodyOf, type Values } from '../ui/asked.tsx'
import { dealerField, inquiryPath } from './acts.ts'
import { inquiryWords as words } from './words.ts'

const newFields: readonly AskedField[] = [
  {
    name: 'topic',
    text: words.topic,
    kind: 'choice',
    isRequired: true,
    choices: () => choicesOf('inquiryTopics'),
  },
  { name: 'question', text: words.question, kind: 'area', isRequired: true },
  { name: 'name', text: words.name, kind: 'line' },
  { name: 'phone', text: words.phone, kind: 'line' },
  dealerField,
  { name: 'answer', text: words.answeredNow, kind: 'area' },
]

const newBody = (values: Values) => {
  const { name, phone, ...rest } = bodyOf(newFields, values) as { name?: string; phone?: string }
  const customer =
    name === undefined && phone === undefined ? null : { name: name ?? null, phone: phone ?? null }
  return { channel: 'phone', ...rest, customer }
}

type Props = { onDone(): void; onClose(): void }

export const NewInquiry = ({ onDone, onClose }: Props) => {
  const uploads = useUploads()
  /** It is registered once, also where a file is refused after that. */
  const registered = useSignal<string | null>(null)
  const register = async (values: Values, key: string): Promise<void> => {
    if (registered.peek() === null) {
      const { data } = await send<{ inquiryNo: string }>('/v1/inquiries', { body: newBody(values), key })
      registered.value = data.inquiryNo
    }
    await uploads.upload(`${inquiryPath(registered.peek() as string)}/attachments`, { key })
  }
  return (
    <AskDialog
      title={say(words.new)}
      fields={registered.value === null ? newFields : []}
      send={register}
      onDone={onDone}
      onClose={registered.value === null ? onClose : onDone}
    >
      {registered.value !== null && (
        <p class="hint">{say(words.registeredAs, { inquiryNo: registered.value })}</p>
      )}
      <FileField text={say(attachmentWords.files)} isMultiple onFiles={uploads.choose} />
    </AskDialog>
  )
}
