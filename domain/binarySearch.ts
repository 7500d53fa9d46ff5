/**
 * The first of `count` places, counted from 0, at which `isReached` holds; `count` where it holds at none. It must
 * hold at every place after one at which it holds.
 */
export const firstPlace = (count: number, isReached: (place: number) => boolean): number => {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isReached(middle)) high = middle
    else low = middle + 1
  }
  return low
}
