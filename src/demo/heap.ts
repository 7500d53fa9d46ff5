/** The least first: a binary heap over `before`. */
export type Heap<T> = { push(item: T): void; peek(): T | undefined; pop(): T | undefined }

export const createHeap = <T>(before: (a: T, b: T) => boolean): Heap<T> => {
  const items: T[] = []

  const swap = (a: number, b: number): void => {
    const item = items[a]!
    items[a] = items[b]!
    items[b] = item
  }

  const sink = (from: number): void => {
    for (let at = from; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < items.length && before(items[left]!, items[least]!)) least = left
      if (right < items.length && before(items[right]!, items[least]!)) least = right
      if (least === at) return
      swap(at, least)
      at = least
    }
  }

  return {
    push: (item) => {
      let at = items.push(item) - 1
      for (let parent = (at - 1) >> 1; at > 0 && before(items[at]!, items[parent]!); parent = (at - 1) >> 1) {
        swap(at, parent)
        at = parent
      }
    },
    peek: () => items[0],
    pop: () => {
      const [first, last] = [items[0], items.pop()]
      if (items.length > 0) {
        items[0] = last!
        sink(0)
      }
      return first
    },
  }
}
