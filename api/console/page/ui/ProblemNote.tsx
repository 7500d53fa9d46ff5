/** A problem of the API in its own words, with the places it names. */
import type { ComponentChildren } from 'preact'
import type { ApiProblem } from '../core/api.ts'
import { say, type Words } from '../core/words.ts'

const words = {
  unreachable: {
    en: 'The service cannot be reached. Whether it was recorded is not known; sending again does not record it twice.',
    zh: '无法连接服务。是否已记录尚不确定，再次发送不会重复记录。',
  },
  unreachableRead: { en: 'The service cannot be reached.', zh: '无法连接服务。' },
} as const satisfies Record<string, Words>

type Props = { problem: ApiProblem; isWrite?: boolean; children?: ComponentChildren }

export const ProblemNote = ({ problem, isWrite = false, children }: Props) => {
  const { code, message, places } = problem
  const sentence = code === 'unreachable' ? say(isWrite ? words.unreachable : words.unreachableRead) : message
  const others = places.filter(({ detail }) => detail !== message)
  return (
    <div class="problem" role="alert">
      <p>{sentence}</p>
      {others.length > 0 && (
        <ul>
          {others.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code translate={false}>{pointer.replace(/^#\//, '')}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      {children !== undefined && children !== false && <p>{children}</p>}
    </div>
  )
}
