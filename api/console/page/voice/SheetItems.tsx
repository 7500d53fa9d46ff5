/** The items of a sheet: what was said, the plan, its result, the judgement, and the acts on each. */
import { label } from '../core/codes.ts'
import { money } from '../core/money.ts'
import { say } from '../core/words.ts'
import { ActButtons } from '../ticket/Acts.tsx'
import { instant } from '../time/format.ts'
import { itemTitle, type OfSheet } from './act.ts'
import { itemActsFor } from './itemActs.ts'
import { Fact, Written } from './Parts.tsx'
import { type SheetItem, sheetPath } from './sheet.ts'
import { voiceWords as words } from './words.ts'

/** `SSI 销售满意度 · 评分 6` */
export const surveyAndScore = ({ survey, score }: Pick<SheetItem, 'survey' | 'score'>): string =>
  `${label('voiceSurveys', survey)} · ${score === null ? say(words.noScore) : say(words.scoreIs, { score })}`

const Plan = ({ plan }: { plan: NonNullable<SheetItem['plan']> }) => (
  <>
    <Fact name={words.measure}>
      <Written text={plan.measure} />
    </Fact>
    <Fact name={words.person}>
      <Written text={plan.person} />
    </Fact>
    <Fact name={words.endsOn}>
      <span translate={false}>{plan.endsOn}</span>
      {plan.changes.map(({ at, by, note }) => (
        <p key={at} class="row-who">
          {say(words.changed, { at: instant(at), who: by })} <Written text={note} />
        </p>
      ))}
    </Fact>
  </>
)

const Judgement = ({ item: { judgement, published } }: { item: SheetItem }) => {
  if (judgement === null) return null
  return (
    <Fact name={words.judgement}>
      <span class={`tag verdict-${judgement.effective ? 'met' : 'failed'}`}>
        {say(judgement.effective ? words.effective : words.ineffective)}
      </span>{' '}
      {judgement.note !== null && <Written text={judgement.note} />}
      {published !== null && (
        <p>
          {say(words.published)} <Written text={published.title} />{' '}
          <span class="whole">{money(published.amount)}</span>
        </p>
      )}
    </Fact>
  )
}

type ItemProps = { subject: OfSheet; item: SheetItem; index: number; onDone(): void }

const Item = ({ subject, item, index, onDone }: ItemProps) => {
  const { sheet } = subject
  const ofItem = { ...subject, item }
  return (
    <li class="sheet-item" data-item={item.itemId}>
      <h3 translate={false}>{itemTitle(index, item)}</h3>
      <p class="row-who">{surveyAndScore(item)}</p>
      <p class="quote">
        <Written text={item.text} />
      </p>
      <dl class="facts">
        {item.plan !== null && <Plan plan={item.plan} />}
        {item.result !== null && (
          <Fact name={words.result}>
            <Written text={item.result} />
          </Fact>
        )}
        <Judgement item={item} />
      </dl>
      <ActButtons
        acts={itemActsFor(ofItem)}
        subject={ofItem}
        target={{ path: sheetPath(sheet.sheetId), version: sheet.version }}
        onDone={onDone}
      />
    </li>
  )
}

export const SheetItems = ({ subject, onDone }: { subject: OfSheet; onDone(): void }) => (
  <section aria-label={say(words.items)}>
    <h2>
      {say(words.items)} <span class="count">{subject.sheet.items.length}</span>
    </h2>
    <ol class="sheet-items">
      {subject.sheet.items.map((item, index) => (
        <Item key={item.itemId} subject={subject} item={item} index={index} onDone={onDone} />
      ))}
    </ol>
  </section>
)
