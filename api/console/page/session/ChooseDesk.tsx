/** Which of several roles to work as. */
import { label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { chooseDesk } from './desk.ts'
import { me } from './session.ts'

const words = {
  title: { en: 'Work as', zh: '选择工作角色' },
  hint: {
    en: 'It chooses the screens. What you may see and do follows from all your roles.',
    zh: '此处仅决定显示的页面，查看与操作权限由您的全部角色决定。',
  },
} as const satisfies Record<string, Words>

export const ChooseDesk = () => (
  <main class="sign-in">
    <h1>{say(words.title)}</h1>
    <p class="hint">{say(words.hint)}</p>
    <ul class="desks">
      {(me.value?.roles ?? []).map((role) => (
        <li key={role}>
          <button type="button" class="main" onClick={() => chooseDesk(role)}>
            {label('roles', role)}
          </button>
        </li>
      ))}
    </ul>
  </main>
)
