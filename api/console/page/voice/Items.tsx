/** What customers said, as HQ enters and cleans it before it is sent (rulebook §16). */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { VoiceItemAnswer } from '../../../voice/responseSchemas.ts'
import { choicesOf, label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import { Choose } from '../reports/Choose.tsx'
import { instant } from '../time/format.ts'
import { dealerName } from '../time/units.ts'
import { AskDialog } from '../ui/asked.tsx'
import { ChooseDealer, queryOf } from './Filters.tsx'
import { dropFields, itemFields, rewordFields } from './fields.ts'
import { Fact, Written } from './Parts.tsx'
import { SendSheet } from './SendSheet.tsx'
import { surveyAndScore } from './SheetItems.tsx'
import { isOfSheet } from './sheet.ts'
import { voiceWords as words } from './words.ts'

type Item = VoiceItemAnswer
type Act = 'reword' | 'drop' | 'send'
type ItemAction = 'new' | { act: Act; item: Item } | null

const acts: readonly Act[] = ['reword', 'drop', 'send']

const ItemRow = ({ item, onAct }: { item: Item; onAct(act: Act): void }) => (
  <>
    <span class="row-tags">
      <span class="tag">{label('voiceItemStatuses', item.status)}</span>
      {item.dropReason !== null && <span class="tag">{label('voiceDropReasons', item.dropReason)}</span>}
    </span>
    <span class="row-who">
      <span translate={false}>
        {dealerName(item.dealer)} · {item.month}
      </span>{' '}
      · {surveyAndScore(item)}
    </span>
    <span class="row-what">
      <Written text={item.text} />
    </span>
    {item.status === 'open' && (
      <span class="buttons above">
        {acts.map((act) => (
          <button key={act} type="button" data-act={act} onClick={() => onAct(act)}>
            {say(act === 'send' ? words.sendThis : words[act])}
          </button>
        ))}
      </span>
    )}
  </>
)

const ItemDetail = ({ item }: { item: Item }) => (
  <dl class="facts">
    <Fact name={words.entered}>
      <Written text={item.enteredText} />
    </Fact>
    <Fact name={words.enteredAt}>
      <span translate={false}>
        {instant(item.enteredAt)} · {item.itemId}
      </span>
    </Fact>
    {item.externalNo !== null && (
      <Fact name={words.externalNo}>
        <span translate={false}>{item.externalNo}</span>
      </Fact>
    )}
  </dl>
)

type DialogProps = { doing: NonNullable<ItemAction>; onDone(): void; onClose(): void }

const ItemDialog = ({ doing, ...dialog }: DialogProps) => {
  if (doing === 'new')
    return <AskDialog title={say(words.newItem)} path="/v1/voice/items" fields={itemFields} {...dialog} />
  const { act, item } = doing
  const { dealer: dealerCode, month } = item
  if (act === 'send') return <SendSheet of={{ dealerCode, month }} {...dialog} />
  const title = `${say(words[act])} ${item.indicator}`
  const path = `/v1/voice/items/${encodeURIComponent(item.itemId)}/${act}`
  if (act === 'drop')
    return (
      <AskDialog title={title} path={path} fields={dropFields} caution={say(words.dropCaution)} {...dialog} />
    )
  return (
    <AskDialog
      title={title}
      path={path}
      fields={rewordFields}
      initial={{ text: item.text ?? '' }}
      {...dialog}
    />
  )
}

/** What others enter or clean is no news, for an item is told with its sheet; it is looked up so often. */
const everyMs = 30_000

const useNowAndAgain = (readAgain: () => void): void => {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') readAgain()
    }, everyMs)
    return () => clearInterval(timer)
  }, [readAgain])
}

type ListProps = { path: string; status: { value: string }; dealer: { value: string } }

const ItemList = ({ path, status, dealer }: ListProps) => {
  const doing = useSignal<ItemAction>(null)
  const list = useList<Item>(path, isOfSheet())
  useNowAndAgain(list.readAgain)
  const close = (): void => {
    doing.value = null
  }
  return (
    <>
      <RowList
        list={list}
        title={say(words.items)}
        empty={say(words.noItem)}
        keyOf={({ itemId }) => itemId}
        nameOf={({ indicator }) => <span translate={false}>{indicator}</span>}
        render={(item) => (
          <ItemRow
            item={item}
            onAct={(act) => {
              doing.value = { act, item }
            }}
          />
        )}
        detailOf={(item) => <ItemDetail item={item} />}
      >
        <Choose
          text={say(words.state)}
          chosen={status}
          choices={[...choicesOf('voiceItemStatuses'), { value: '', text: say(words.all) }]}
        />
        <ChooseDealer chosen={dealer} />
        <button
          type="button"
          class="primary"
          data-act="new"
          onClick={() => {
            doing.value = 'new'
          }}
        >
          {say(words.newItem)}
        </button>
      </RowList>
      {doing.value !== null && (
        <ItemDialog
          doing={doing.value}
          onClose={close}
          onDone={() => {
            close()
            list.readAgain()
          }}
        />
      )}
    </>
  )
}

export const Items = () => {
  const status = useSignal('open')
  const dealer = useSignal('')
  const path = `/v1/voice/items${queryOf({ status: status.value, dealer: dealer.value })}`
  return <ItemList key={path} path={path} status={status} dealer={dealer} />
}
