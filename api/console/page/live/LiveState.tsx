/** Says how live the page is, in words. */
import { useEffect } from 'preact/hooks'
import { say, type Words } from '../core/words.ts'
import { instant } from '../time/format.ts'
import { announce } from './announce.ts'
import { liveness } from './live.ts'

const words = {
  connecting: { en: 'Connecting …', zh: '连接中…' },
  live: { en: 'Live', zh: '实时' },
  reconnecting: { en: 'Reconnecting since {at}', zh: '{at} 起重新连接中' },
  stale: { en: 'Stale: nothing new since {at}', zh: '数据可能已过期：{at} 起无更新' },
} as const satisfies Record<string, Words>

export const LiveState = () => {
  const { is, since } = liveness.value
  const text = say(words[is], { at: since === null ? '' : instant(since, 'time') })
  useEffect(() => {
    if (is !== 'connecting') announce(`${is} ${since}`, text)
  }, [is])
  return (
    <span class={`live live-${is}`} data-live={is}>
      {text}
    </span>
  )
}
