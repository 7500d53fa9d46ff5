/** The fields of an act, those of a group under what the group is about. */
import type { ApiProblem } from '../core/api.ts'
import { say } from '../core/words.ts'
import { type AskedField, Fields } from '../ui/asked.tsx'
import type { Values } from './act.ts'
import { actWords as words } from './words.ts'

/** Runs of fields of one group, in their order. */
const groupsOf = (fields: readonly AskedField[]): { group: string | undefined; fields: AskedField[] }[] => {
  const groups: { group: string | undefined; fields: AskedField[] }[] = []
  for (const field of fields) {
    const last = groups.at(-1)
    if (last !== undefined && last.group === field.group) last.fields.push(field)
    else groups.push({ group: field.group, fields: [field] })
  }
  return groups
}

/** Names of fields, those of a group after what the group is about. */
export const namesOf = (fields: readonly AskedField[]): string =>
  groupsOf(fields)
    .map(({ group, fields: own }) => {
      const names = own.map(({ text }) => say(text)).join(say(words.comma))
      return group === undefined ? names : `${group} – ${names}`
    })
    .join(say(words.semicolon))

type Props = {
  fields: readonly AskedField[]
  values: Values
  isTried: boolean
  problem: ApiProblem | null
  onValues(values: Values): void
}

export const GroupedFields = ({ fields, ...props }: Props) => (
  <>
    {groupsOf(fields).map(({ group, fields: own }) => {
      if (group === undefined) return <Fields fields={own} {...props} />
      return (
        <fieldset key={group} class="group">
          <legend translate={false}>{group}</legend>
          <Fields fields={own} {...props} />
        </fieldset>
      )
    })}
  </>
)
