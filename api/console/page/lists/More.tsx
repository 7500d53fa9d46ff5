/** The button under a list that has more than what is shown. */
import { say } from '../core/words.ts'
import type { List } from './list.ts'
import { listWords } from './words.ts'

export const More = ({ list }: { list: Pick<List<unknown>, 'hasMore' | 'showMore'> }) =>
  list.hasMore.value && (
    <button type="button" class="quiet" onClick={list.showMore}>
      {say(listWords.more)}
    </button>
  )
