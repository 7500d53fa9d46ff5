/** The quarter that a report opens on. */
import type { Signal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { now } from '../core/clock.ts'
import { quartersUpTo } from './quarters.ts'

/**
 * Leads a report that opens on the running quarter back to the newest quarter that has something in it; to the running
 * one again where none has. It ends there, or when the user chooses. `isFilled`: whether the chosen quarter has
 * something, `null` until that is known.
 */
export const useNewestFilled = (chosen: Signal<string>, isFilled: boolean | null): void => {
  const left = useRef(quartersUpTo(now.peek()))
  const running = useRef(left.current[0])
  useLayoutEffect(() => {
    const [shown, next = running.current, ...others] = left.current
    if (isFilled === null || shown === undefined || next === undefined) return
    if (isFilled || chosen.value !== shown) {
      left.current = []
      return
    }
    left.current = left.current.length > 1 ? [next, ...others] : []
    chosen.value = next
  }, [chosen.value, isFilled])
}
