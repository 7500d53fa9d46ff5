/** Events as Server-Sent Events, made once for all classes of readers that are sent the same. */
import type { Topic } from '../../domain/announcedNames.ts'
import type { Deps } from '../http/deps.ts'
import { createItems, type ItemSource, type Rights } from './items.ts'
import type { StreamItem } from './schemas.ts'

/** What readers of one class have in common: they are sent the same bytes. */
export type Audience = { rights: Rights; topics: ReadonlySet<Topic> }

/** One item as Server-Sent Events have it. */
const messageOf = (item: StreamItem): string =>
  `id: ${item.position}\nevent: ${item.type}\ndata: ${JSON.stringify(item)}\n\n`

/**
 * The messages of some events for a class, one after the other; they are shared between classes that are told the same. The events of each
 * unit are sorted out once: with hundreds of dealers, few events concern any one of them.
 */
export const createMessages = (deps: Deps, sources: readonly ItemSource[]) => {
  const { itemFor, unitsOf } = createItems(deps)
  const texts = new Map<StreamItem, string>()
  let byUnit: Map<string, ItemSource[]> | undefined
  const sortOut = (): Map<string, ItemSource[]> => {
    const sorted = new Map<string, ItemSource[]>()
    for (const source of sources)
      for (const unit of unitsOf(source)) {
        const ofUnit = sorted.get(unit)
        if (ofUnit === undefined) sorted.set(unit, [source])
        else ofUnit.push(source)
      }
    return sorted
  }
  const concerning = ({ read }: Rights): readonly ItemSource[] => {
    const [scope] = read
    if (read.length !== 1 || scope === undefined || scope.kind === 'all') return sources
    byUnit ??= sortOut()
    return byUnit.get(scope.code) ?? []
  }
  return function* ({ rights, topics }: Audience): Generator<string> {
    for (const source of concerning(rights)) {
      const item = itemFor(source, rights, topics)
      if (item === null) continue
      const text = texts.get(item) ?? messageOf(item)
      texts.set(item, text)
      yield text
    }
  }
}
