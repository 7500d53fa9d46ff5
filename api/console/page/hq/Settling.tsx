/** The acts on a quarter: freeze, revise with a reason, decide a tie. */
import { useSignal } from '@preact/signals'
import type { AssessmentAnswer } from '../../../reports/assessmentAnswer.ts'
import { send } from '../core/api.ts'
import { say } from '../core/words.ts'
import { desk } from '../session/desk.ts'
import { rbos } from '../time/units.ts'
import { Check, Field } from '../ui/Field.tsx'
import { SendDialog } from '../ui/Send.tsx'
import type { DealerRow } from './assessment.ts'
import { hqWords as words } from './words.ts'

/** Who freezes and revises; ties are decided by HQ alone (rulebook §2). */
const settlers = ['hq_sales', 'admin']

type Props = { assessment: AssessmentAnswer; onDone(): void }

const rboName = (code: string): string => rbos.value.get(code)?.name ?? code

const Freeze = ({ assessment, onDone, onClose }: Props & { onClose(): void }) => (
  <SendDialog
    title={`${say(words.freeze)} ${assessment.quarter}`}
    caution={say(words.freezeCaution)}
    send={(key) => send(`/v1/assessments/${assessment.quarter}/freeze`, { body: {}, key })}
    onDone={onDone}
    onClose={onClose}
  />
)

const Revise = ({ assessment, onDone, onClose }: Props & { onClose(): void }) => {
  const reason = useSignal('')
  return (
    <SendDialog
      title={`${say(words.revise)} ${assessment.quarter}`}
      send={(key) =>
        send(`/v1/assessments/${assessment.quarter}/revise`, { body: { reason: reason.value }, key })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <Field
        kind="area"
        text={say(words.reason)}
        value={reason.value}
        isRequired
        onValue={(value) => {
          reason.value = value
        }}
      />
    </SendDialog>
  )
}

type Tie = { rbo: string; tied: readonly DealerRow[] }

const DecideTie = ({ assessment, tie, onDone, onClose }: Props & { tie: Tie; onClose(): void }) => {
  const reason = useSignal('')
  const chosen = useSignal<readonly string[]>([])
  return (
    <SendDialog
      title={say(words.decide, { rbo: rboName(tie.rbo) })}
      send={(key) =>
        send(`/v1/assessments/${assessment.quarter}/decide-tie`, {
          body: { rbo: tie.rbo, rewarded: chosen.value, reason: reason.value },
          key,
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <fieldset>
        <legend>{say(words.rewarded)}</legend>
        {tie.tied.map(({ dealer, name }) => (
          <Check
            key={dealer}
            text={name}
            isOn={chosen.value.includes(dealer)}
            onChange={(isOn) => {
              chosen.value = isOn ? [...chosen.value, dealer] : chosen.value.filter((each) => each !== dealer)
            }}
          />
        ))}
      </fieldset>
      <Field
        kind="area"
        text={say(words.reason)}
        value={reason.value}
        isRequired
        onValue={(value) => {
          reason.value = value
        }}
      />
    </SendDialog>
  )
}

export const Settling = ({ assessment, onDone }: Props) => {
  const open = useSignal<'freeze' | 'revise' | Tie | null>(null)
  const role = desk.value
  if (role === null || !settlers.includes(role)) return null
  const isFrozen = assessment.status === 'frozen'
  const ties = assessment.rbos.flatMap(({ rbo, dealers }): Tie[] => {
    const tied = dealers.filter(({ outcome }) => outcome === 'tie_unresolved')
    return tied.length === 0 ? [] : [{ rbo, tied }]
  })
  const close = (): void => {
    open.value = null
  }
  const dialog = {
    assessment,
    onClose: close,
    onDone: () => {
      close()
      onDone()
    },
  }
  const shown = open.value
  return (
    <div class="buttons acts">
      {!isFrozen && (
        <button
          type="button"
          class="main"
          onClick={() => {
            open.value = 'freeze'
          }}
        >
          {say(words.freeze)}
        </button>
      )}
      {isFrozen && (
        <button
          type="button"
          onClick={() => {
            open.value = 'revise'
          }}
        >
          {say(words.revise)}
        </button>
      )}
      {isFrozen &&
        role === 'hq_sales' &&
        ties.map((tie) => (
          <button
            key={tie.rbo}
            type="button"
            class="main"
            onClick={() => {
              open.value = tie
            }}
          >
            {say(words.decide, { rbo: rboName(tie.rbo) })}
          </button>
        ))}
      {shown === 'freeze' && <Freeze {...dialog} />}
      {shown === 'revise' && <Revise {...dialog} />}
      {shown !== null && typeof shown === 'object' && <DecideTie {...dialog} tie={shown} />}
    </div>
  )
}
