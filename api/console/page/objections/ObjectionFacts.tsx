/** One objection: what it is about, why, what became of it, and the acts on it. */
import { useSignal } from '@preact/signals'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { me } from '../session/session.ts'
import { instant } from '../time/format.ts'
import { dealerName } from '../time/units.ts'
import { AskDialog } from '../ui/asked.tsx'
import { ObjectionFiles } from './ObjectionFiles.tsx'
import {
  fieldsOfAct,
  mayOnObjection,
  measuresInWords,
  type ObjectionAct,
  pathOfAct,
  type ShownObjection,
  objectionWords as words,
} from './objection.ts'

export const ObjectionFacts = ({ objection }: { objection: ShownObjection }) => {
  const { dealer, status, measures, quarter, dispatchedAt, reason, decisionReason } = objection
  return (
    <>
      <span class="row-tags">
        <span class={`tag objection-${status}`}>{label('objectionStatuses', status)}</span>
        <span class="tag">{measuresInWords(measures)}</span>
      </span>
      <span class="row-who">
        <span translate={false}>{dealerName(dealer)}</span> ·{' '}
        {say(words.unit, { at: instant(dispatchedAt), quarter })}
      </span>
      <span class="row-what quote" translate={false}>
        {reason ?? say(words.masked)}
      </span>
      <span class="row-who">
        {say(words.raised, { at: instant(objection.raisedAt), who: objection.raisedBy })}
        {objection.decidedAt !== null &&
          ` · ${say(words.decided, { at: instant(objection.decidedAt), who: objection.decidedBy ?? '' })}`}
      </span>
      {decisionReason !== null && (
        <span class="row-what quote" translate={false}>
          {decisionReason}
        </span>
      )}
      {objection.attachmentIds.length > 0 && <ObjectionFiles objection={objection} />}
    </>
  )
}

export const ObjectionActs = ({ objection, onDone }: { objection: ShownObjection; onDone(): void }) => {
  const open = useSignal<ObjectionAct | null>(null)
  const user = me.value
  const acts = user === null ? [] : mayOnObjection(objection, user)
  const act = open.value
  if (acts.length === 0 && act === null) return null
  const close = (): void => {
    open.value = null
  }
  return (
    <span class="buttons above">
      {acts.map((each) => (
        <button
          key={each}
          type="button"
          data-act={each}
          onClick={() => {
            open.value = each
          }}
        >
          {say(words[each])}
        </button>
      ))}
      {act !== null && (
        <AskDialog
          title={`${say(words[act])} ${objection.ticketNo}`}
          path={pathOfAct(objection, act)}
          fields={fieldsOfAct[act]}
          onDone={() => {
            close()
            onDone()
          }}
          onClose={close}
        />
      )}
    </span>
  )
}
