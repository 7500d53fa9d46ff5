/** The policy as a form: the numbers the rulebook leaves open, in force, and a new version from an instant on. */
import { useSignal } from '@preact/signals'
import { type Answer, get, send } from '../core/api.ts'
import { choicesOf } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { atRest, useAnswer } from '../lists/answer.ts'
import { Report } from '../reports/Report.tsx'
import { desk } from '../session/desk.ts'
import { instant, instantOf } from '../time/format.ts'
import type { AskedField } from '../ui/asked.tsx'
import { Scroll } from '../ui/Scroll.tsx'
import {
  areNoCodes,
  atPlace,
  groupOf,
  kindOf,
  mayBeEmpty,
  type PolicyGroup,
  type PolicyValues,
  placeOfCareKind,
  policyFields,
  policyGroups,
  textOf,
  type ValueKind,
  valueIn,
  withValue,
} from './policyFields.ts'
import { type FieldGroup, SettingsForm, type ShownSettings } from './SettingsForm.tsx'

const words = {
  title: { en: 'Policy', zh: '规则参数' },
  lead: {
    en: 'Setting a version never moves a deadline that is running.',
    zh: '新版本不会改变已经开始的时限。',
  },
  version: { en: 'Version {version}, in force since {at}', zh: '第 {version} 版，自 {at} 起生效' },
  default: { en: 'The values of the rulebook: no version was set yet.', zh: '当前为规则手册的默认值。' },
  effectiveFrom: { en: 'In force from (Shanghai time; empty: now)', zh: '生效时间（北京时间，空为立即）' },
  saved: {
    en: 'Version {version} is set, in force from {at}.',
    zh: '已设置第 {version} 版，自 {at} 起生效。',
  },
  versions: { en: 'Versions', zh: '版本' },
  number: { en: 'Version', zh: '版本号' },
  from: { en: 'In force from', zh: '生效时间' },
  status: { en: 'Status', zh: '状态' },
  by: { en: 'Set by', zh: '设置人' },
  past: { en: 'past', zh: '已失效' },
  in_force: { en: 'in force', zh: '生效中' },
  scheduled: { en: 'scheduled', zh: '待生效' },
  wordsHint: { en: 'One a line.', zh: '每行一项。' },
  codesHint: { en: 'One a line: code | Chinese | English', zh: '每行一项：代码 | 中文 | 英文' },
  malformed: {
    en: 'Each line needs a code, a Chinese and an English name.',
    zh: '每行应有代码、中文与英文名称。',
  },
  notANumber: { en: 'This must be a number.', zh: '应为数字。' },
} as const satisfies Record<string, Words>

/** Who keeps the policy (rulebook §2). */
export const mayKeep = (): boolean => desk.value === 'hq_sales' || desk.value === 'admin'

type Policy = PolicyValues & { version: number; effectiveFrom: string | null }
type Version = Policy & {
  effectiveFrom: string
  status: 'past' | 'in_force' | 'scheduled'
  recordedBy: { id: string }
}

/** Every place of the policy with its text; kinds of care tasks have those of the codes. */
const textsOfPlaces = (): (readonly [string, Words])[] => [
  ...Object.entries(policyFields),
  ...choicesOf('careKinds').map(
    ({ value, text }) => [placeOfCareKind(value), { en: text, zh: text }] as const,
  ),
]

const fieldKinds = { number: 'number', switch: 'check', words: 'area', codes: 'area' } as const

const more: Record<ValueKind, Pick<AskedField, 'hint' | 'fault'>> = {
  number: { fault: (typed) => (Number.isFinite(Number(typed)) ? null : words.notANumber) },
  switch: {},
  words: { hint: words.wordsHint },
  codes: { hint: words.codesHint, fault: (typed) => (areNoCodes(typed) ? words.malformed : null) },
}

const groupsOf = (policy: PolicyValues): FieldGroup[] => {
  const fields = textsOfPlaces().map(([name, text]): AskedField => {
    const kind = kindOf(name, atPlace(policy, name))
    return {
      name,
      text,
      kind: fieldKinds[kind],
      isRequired: kind !== 'switch' && !mayBeEmpty.has(name),
      ...more[kind],
    }
  })
  return [
    ...(Object.keys(policyGroups) as PolicyGroup[]).map((group) => ({
      name: group,
      title: policyGroups[group],
      fields: fields.filter(({ name }) => groupOf(name) === group),
    })),
    {
      name: 'from',
      fields: [{ name: 'effectiveFrom', text: words.effectiveFrom, kind: 'instant' }],
    },
  ]
}

const shownOf = (policy: PolicyValues, etag: string | null): ShownSettings => ({
  values: {
    ...Object.fromEntries(textsOfPlaces().map(([place]) => [place, textOf(place, atPlace(policy, place))])),
    effectiveFrom: '',
  },
  etag,
})

/** The policy with what was typed. */
const typedPolicy = (before: PolicyValues, typed: ShownSettings['values']): PolicyValues =>
  textsOfPlaces().reduce((policy, [place]) => {
    const kind = kindOf(place, atPlace(before, place))
    return withValue(policy, place, valueIn(kind, typed[place] ?? ''))
  }, before)

type FormProps = { inForce: Policy; etag: string | null; onSaved(saved: Policy): void }

const Form = ({ inForce, etag, onSaved }: FormProps) => {
  const rest = useSignal<PolicyValues>(inForce)
  return (
    <SettingsForm
      title={say(words.title)}
      groups={groupsOf(inForce)}
      shown={shownOf(inForce, etag)}
      isReadOnly={!mayKeep()}
      read={async () => {
        const newest: Answer<Policy> = await get('/v1/policy')
        rest.value = newest.data
        return shownOf(newest.data, newest.version)
      }}
      save={async ({ effectiveFrom = '', ...typed }, options) => {
        const { version: _, effectiveFrom: __, ...before } = rest.peek()
        const body = {
          ...typedPolicy(before, typed),
          ...(effectiveFrom !== '' && { effectiveFrom: instantOf(effectiveFrom) }),
        }
        onSaved((await send<Policy>('/v1/policy', { method: 'PUT', body, ...options })).data)
      }}
    />
  )
}

const Versions = ({ items }: { items: readonly Version[] }) => (
  <>
    <h3>{say(words.versions)}</h3>
    <Scroll label={say(words.versions)}>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{say(words.number)}</th>
            <th scope="col">{say(words.from)}</th>
            <th scope="col">{say(words.status)}</th>
            <th scope="col">{say(words.by)}</th>
          </tr>
        </thead>
        <tbody>
          {items.toReversed().map(({ version, effectiveFrom, status, recordedBy }) => (
            <tr key={version}>
              <td>{version}</td>
              <td translate={false}>{instant(effectiveFrom, 'long')}</td>
              <td>{say(words[status])}</td>
              <td translate={false}>{recordedBy.id}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  </>
)

export const PolicyScreen = () => {
  const { answer, etag, problem, readAgain } = useAnswer<Policy>('/v1/policy', atRest)
  const versions = useAnswer<{ items: Version[] }>('/v1/policy/versions', atRest)
  const saved = useSignal<Policy | null>(null)
  const inForce = answer.value
  const set = versions.answer.value?.items ?? []
  return (
    <Report
      title={say(words.title)}
      hint={say(words.lead)}
      problem={problem.value}
      isLoading={inForce === null}
    >
      {inForce !== null && (
        <>
          <p class="hint">
            {inForce.effectiveFrom === null
              ? say(words.default)
              : say(words.version, {
                  version: inForce.version,
                  at: instant(inForce.effectiveFrom, 'long'),
                })}
          </p>
          <p class="hint" role="status">
            {saved.value !== null &&
              say(words.saved, {
                version: saved.value.version,
                at: instant(saved.value.effectiveFrom ?? '', 'long'),
              })}
          </p>
          <Form
            key={etag.value}
            inForce={inForce}
            etag={etag.value}
            onSaved={(data) => {
              saved.value = data
              readAgain()
              versions.readAgain()
            }}
          />
          {set.length > 0 && <Versions items={set} />}
        </>
      )}
    </Report>
  )
}
