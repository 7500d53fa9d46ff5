/** Taking an entry of the ledger back, with a reason. */
import { useSignal } from '@preact/signals'
import type { VoiceEntryAnswer } from '../../../voice/responseSchemas.ts'
import { label } from '../core/codes.ts'
import { money } from '../core/money.ts'
import { say } from '../core/words.ts'
import { me } from '../session/session.ts'
import { AskDialog, type AskedField } from '../ui/asked.tsx'
import { mayReverse } from './rights.ts'
import { voiceWords as words } from './words.ts'

export type ReverseEntry = VoiceEntryAnswer

const fields: readonly AskedField[] = [{ name: 'reason', text: words.reason, kind: 'area', isRequired: true }]

/** The button, for those who may; nothing for an entry that is taken back or takes one back. */
export const Reverse = ({ entry, onDone }: { entry: ReverseEntry; onDone(): void }) => {
  const isOpen = useSignal(false)
  const user = me.value
  const close = (): void => {
    isOpen.value = false
  }
  if (user === null || !mayReverse(entry, user)) return null
  return (
    <>
      <button
        type="button"
        data-act="reverse"
        onClick={() => {
          isOpen.value = true
        }}
      >
        {say(words.reverse)}
      </button>
      {isOpen.value && (
        <AskDialog
          title={`${say(words.reverse)} ${label('voiceLedgerKinds', entry.kind)} ${money(entry.amount)}`}
          path={`/v1/voice/ledger/${encodeURIComponent(entry.entryId)}/reverse`}
          fields={fields}
          caution={say(words.reverseCaution)}
          onDone={() => {
            close()
            onDone()
          }}
          onClose={close}
        />
      )}
    </>
  )
}
