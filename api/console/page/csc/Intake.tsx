/** Taking a complaint in: phone first, then what the call is, then the complaint; at the end the number to read out. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { send } from '../core/api.ts'
import { categoryChoices, choicesOf, label } from '../core/codes.ts'
import { go } from '../core/route.ts'
import { say, type Words } from '../core/words.ts'
import { instant } from '../time/format.ts'
import { dealers, unitName } from '../time/units.ts'
import { Check, Field } from '../ui/Field.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useSending } from '../ui/sending.ts'
import { uiWords } from '../ui/words.ts'
import { Candidates, type FoundCandidates } from './Candidates.tsx'
import { complaintOf, emptyForm, type IntakeForm, isB4, isPhone, missingIn } from './intake.ts'

const words = {
  title: { en: 'New call', zh: '新来电' },
  phone: { en: 'Phone', zh: '来电号码' },
  name: { en: 'Customer', zh: '客户姓名' },
  category: { en: 'Category', zh: '细分类' },
  source: { en: 'Source', zh: '来源' },
  dealer: { en: 'Dealer (code; type a name to find it)', zh: '经销商（代码，可按名称查找）' },
  channel: { en: 'Channel', zh: '渠道' },
  content: { en: 'What the customer says', zh: '投诉内容' },
  vehicle: { en: 'Vehicle', zh: '车辆' },
  vin: { en: 'VIN', zh: '底盘号' },
  plateNo: { en: 'Plate', zh: '车牌号' },
  model: { en: 'Model', zh: '车型' },
  flags: { en: 'Special cases', zh: '特殊情况' },
  missing: { en: 'Still missing: {fields}', zh: '尚缺：{fields}' },
  comma: { en: ', ', zh: '、' },
  register: { en: 'Register', zh: '登记' },
  registered: { en: 'Registered as', zh: '已登记，工单号' },
  escalated: { en: 'Escalated as', zh: '已升级，工单号' },
  contact_logged: { en: 'Logged as a call on', zh: '已记为来电，工单号' },
  holder: { en: 'Handled by {unit}, who responds by {at}', zh: '由{unit}处理，{at} 前响应' },
  warned: { en: 'Open warnings: {codes}', zh: '未处理预警：{codes}' },
  again: { en: 'Next call', zh: '下一来电' },
  open: { en: 'Open the ticket', zh: '打开工单' },
} as const satisfies Record<string, Words>

type IntakeResult = {
  outcome: 'registered' | 'escalated' | 'contact_logged'
  ticketNo: string
  holder?: { tier: string; unit: string }
  responseDueAt?: string
  warnings: string[]
}

/** A pause in typing after which the customer is looked for, milliseconds. */
const pauseMs = 350

const useFound = (typed: IntakeForm): { readonly value: FoundCandidates | null } => {
  const found = useSignal<FoundCandidates | null>(null)
  const { phone, vin, category } = typed
  useEffect(() => {
    if (!isPhone(phone) && vin.trim().length < 17) {
      found.value = null
      return undefined
    }
    const stop = new AbortController()
    const timer = setTimeout(() => {
      send<FoundCandidates>('/v1/complaints/candidates', {
        body: { phone: phone || null, vin: vin || null, category: category || null },
        signal: stop.signal,
      }).then(
        ({ data }) => {
          found.value = data
        },
        // the complaint is decided again when it is sent
        () => undefined,
      )
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [phone, vin, category])
  return found
}

const Result = ({ taken, onNext }: { taken: IntakeResult; onNext(): void }) => {
  const next = useRef<HTMLButtonElement>(null)
  useEffect(() => next.current?.focus(), [])
  return (
    <div class="taken" role="status">
      <p>{say(words[taken.outcome])}</p>
      <p class="number" translate={false}>
        {taken.ticketNo}
      </p>
      {taken.holder !== undefined && taken.responseDueAt !== undefined && (
        <p>{say(words.holder, { unit: unitName(taken.holder), at: instant(taken.responseDueAt) })}</p>
      )}
      {taken.warnings.length > 0 && (
        <p>
          {say(words.warned, {
            codes: taken.warnings
              .map((code) => `${code} ${label('warningCodes', code)}`)
              .join(say(words.comma)),
          })}
        </p>
      )}
      <p class="buttons">
        <button ref={next} type="button" class="primary" onClick={onNext}>
          {say(words.again)}
        </button>
        <button type="button" onClick={() => go({ ticketNo: taken.ticketNo })}>
          {say(words.open)}
        </button>
      </p>
    </div>
  )
}

type FlagsProps = { flags: readonly string[]; onFlags(flags: readonly string[]): void }

const Flags = ({ flags, onFlags }: FlagsProps) => (
  <fieldset class="flags">
    <legend>{say(words.flags)}</legend>
    {choicesOf('flags').map(({ value, text }) => (
      <Check
        key={value}
        text={text}
        isOn={flags.includes(value)}
        onChange={(isOn) => onFlags(isOn ? [...flags, value] : flags.filter((each) => each !== value))}
      />
    ))}
  </fieldset>
)

export const Intake = () => {
  const typed = useSignal<IntakeForm>(emptyForm)
  const taken = useSignal<IntakeResult | null>(null)
  const isTried = useSignal(false)
  const { isSending, problem, run } = useSending()
  const found = useFound(typed.value)
  const missing = missingIn(typed.value)

  const set = (name: keyof IntakeForm) => (value: string) => {
    typed.value = { ...typed.peek(), [name]: value, ...(name === 'phone' && { sameProblemAs: 'auto' }) }
  }
  const field = (name: Exclude<keyof IntakeForm, 'flags'>) => ({
    text: say(words[name as keyof typeof words]),
    value: typed.value[name],
    onValue: set(name),
    fault:
      isTried.value && missing.includes(name as (typeof missing)[number])
        ? say(words.missing, { fields: say(words[name as keyof typeof words]) })
        : problem.value?.places.find(({ pointer }) => pointer.endsWith(`/${name}`))?.detail,
  })
  const submit = (event: Event): void => {
    event.preventDefault()
    isTried.value = true
    if (missing.length > 0) return
    void run(async (key) => {
      taken.value = (
        await send<IntakeResult>('/v1/complaints', { body: complaintOf(typed.peek()), key })
      ).data
    })
  }
  const next = (): void => {
    typed.value = emptyForm
    taken.value = null
    isTried.value = false
  }

  return (
    <section class="intake" aria-label={say(words.title)}>
      <header class="list-head">
        <h2>{say(words.title)}</h2>
      </header>
      {taken.value !== null ? (
        <Result taken={taken.value} onNext={next} />
      ) : (
        <form class="act-form" onSubmit={submit} noValidate>
          <Field kind="line" {...field('phone')} />
          <Candidates
            found={found.value}
            isDecided={typed.value.category !== ''}
            chosen={typed.value.sameProblemAs}
            onChoose={set('sameProblemAs')}
          />
          <Field kind="line" {...field('name')} isRequired />
          <Field kind="choice" {...field('category')} choices={categoryChoices()} isRequired />
          {isB4(typed.value) && (
            <Field kind="choice" {...field('source')} choices={choicesOf('sources')} isRequired />
          )}
          <Field
            kind="search"
            text={say(words.dealer)}
            value={typed.value.dealerCode}
            onValue={set('dealerCode')}
            fault={problem.value?.places.find(({ pointer }) => pointer.endsWith('/dealerCode'))?.detail}
            choices={[...dealers.value.values()]
              .filter(({ active }) => active)
              .map(({ code, name }) => ({ value: code, text: name }))}
          />
          <Field kind="area" {...field('content')} isRequired />
          <details>
            <summary>{say(words.vehicle)}</summary>
            <Field kind="line" {...field('plateNo')} />
            <Field kind="line" {...field('model')} />
            <Field kind="line" {...field('vin')} />
            <Field kind="choice" {...field('channel')} choices={choicesOf('channels')} isRequired />
          </details>
          <Flags
            flags={typed.value.flags}
            onFlags={(flags) => {
              typed.value = { ...typed.peek(), flags }
            }}
          />
          {isTried.value && missing.length > 0 && (
            <p class="missing">
              {say(words.missing, { fields: missing.map((name) => say(words[name])).join(say(words.comma)) })}
            </p>
          )}
          {problem.value !== null && <ProblemNote problem={problem.value} isWrite />}
          <p class="buttons">
            <button type="submit" class="primary" aria-disabled={isSending.value}>
              {say(isSending.value ? uiWords.sending : words.register)}
            </button>
          </p>
        </form>
      )}
    </section>
  )
}
