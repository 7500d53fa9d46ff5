/** The ledger of the customer-voice desk: penalties, published cases and reversals (rulebook §16). */
import { useSignal } from '@preact/signals'
import { now } from '../core/clock.ts'
import { choicesOf, label } from '../core/codes.ts'
import { money } from '../core/money.ts'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { More } from '../lists/More.tsx'
import { Choose } from '../reports/Choose.tsx'
import { ChooseQuarter } from '../reports/ChooseQuarter.tsx'
import { useNewestFilled } from '../reports/newestFilled.ts'
import { quarterOf } from '../reports/quarters.ts'
import { Report } from '../reports/Report.tsx'
import { desk } from '../session/desk.ts'
import { instant } from '../time/format.ts'
import { dealerName } from '../time/units.ts'
import { Scroll } from '../ui/Scroll.tsx'
import { ChooseDealer, queryOf } from './Filters.tsx'
import { Written } from './Parts.tsx'
import { Reverse, type ReverseEntry } from './Reverse.tsx'
import { isOfSheet } from './sheet.ts'
import { voiceWords as words } from './words.ts'

const EntryRow = ({ entry, onDone }: { entry: ReverseEntry; onDone(): void }) => (
  <tr>
    <th scope="row">
      <a
        class="row-key"
        href={hrefOf({ screen: route.value.screen, sheetId: entry.sheetId })}
        translate={false}
      >
        {entry.sheetId}
      </a>
      <span class="row-who" translate={false}>
        {dealerName(entry.dealer)}
      </span>
    </th>
    <td>
      <span class="tag whole">{label('voiceLedgerKinds', entry.kind)}</span>
    </td>
    <td class="whole">{money(entry.amount)}</td>
    <td>
      {entry.step !== null && label('voiceSteps', entry.step)}
      {entry.indicator !== null && <span translate={false}>{entry.indicator}</span>}
      {entry.reverses !== null && (
        <p class="row-who reversal">
          <Written text={entry.reason} />
        </p>
      )}
    </td>
    <td>
      <span class="whole" translate={false}>
        {instant(entry.bookedAt)}
      </span>
      {entry.reversedAt !== null && (
        <span class="row-who whole"> {say(words.reversed, { at: instant(entry.reversedAt) })}</span>
      )}
    </td>
    {desk.value === 'hq_sales' && (
      <td>
        <Reverse entry={entry} onDone={onDone} />
      </td>
    )}
  </tr>
)

const Table = ({ entries, onDone }: { entries: readonly ReverseEntry[]; onDone(): void }) => {
  const isHq = desk.value === 'hq_sales'
  const heads = [words.sheet, words.kind, words.amount, words.what, words.booked]
  return (
    <Scroll label={say(words.ledger)}>
      <table class="numbers cards">
        <thead>
          <tr>
            {[...heads, ...(isHq ? [words.acts] : [])].map((head) => (
              <th key={head.en} scope="col">
                {say(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <EntryRow key={entry.entryId} entry={entry} onDone={onDone} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {say(words.sum)}
            </th>
            <td class="whole" colSpan={isHq ? 4 : 3}>
              {money(entries.reduce((sum, { amount }) => sum + amount, 0))}
            </td>
          </tr>
        </tfoot>
      </table>
    </Scroll>
  )
}

export const Ledger = () => {
  const quarter = useSignal(quarterOf(now.peek()))
  const kind = useSignal('')
  const dealer = useSignal('')
  const query = queryOf({ quarter: quarter.value, kind: kind.value, dealer: dealer.value })
  const list = useList<ReverseEntry>(`/v1/voice/ledger${query}`, isOfSheet())
  const entries = list.rows.value
  useNewestFilled(quarter, list.isRead.value ? entries.length > 0 : null)
  return (
    <Report
      title={say(words.ledger)}
      problem={list.problem.value}
      isLoading={!list.isRead.value}
      head={
        <>
          <ChooseQuarter chosen={quarter} />
          <Choose
            text={say(words.kind)}
            chosen={kind}
            choices={[{ value: '', text: say(words.all) }, ...choicesOf('voiceLedgerKinds')]}
          />
          <ChooseDealer chosen={dealer} />
        </>
      }
    >
      {list.isRead.value && entries.length === 0 && list.problem.value === null && (
        <p class="empty">{say(words.noEntry)}</p>
      )}
      {entries.length > 0 && <Table entries={entries} onDone={list.readAgain} />}
      <More list={list} />
    </Report>
  )
}
