/** The shortcuts, and their switch. */
import { areKeysOn, setKeys } from '../core/keys.ts'
import { say, type Words } from '../core/words.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Check } from '../ui/Field.tsx'

const words = {
  title: { en: 'Keyboard', zh: '键盘快捷键' },
  switch: { en: 'Single-key shortcuts are on', zh: '启用单键快捷键' },
  hint: {
    en: 'They are off while you type. Escape closes a form until you have typed something.',
    zh: '输入文字时自动停用。表单未填写时可按 Esc 关闭。',
  },
} as const satisfies Record<string, Words>

const keys: readonly { key: string; words: Words }[] = [
  { key: 'j', words: { en: 'next row', zh: '下一行' } },
  { key: 'k', words: { en: 'previous row', zh: '上一行' } },
  { key: 'Enter', words: { en: 'open the row or its ticket', zh: '打开该行或工单' } },
  { key: 'Esc', words: { en: 'close the form, the ticket or the row', zh: '关闭表单、工单或该行' } },
  { key: 'a', words: { en: 'go to the actions of the ticket', zh: '跳到工单操作' } },
  { key: 't', words: { en: 'show charts as numbers, and back', zh: '图表与数据表切换' } },
  { key: '/', words: { en: 'find a ticket by number', zh: '按工单号查找' } },
  { key: '?', words: { en: 'this help', zh: '显示本帮助' } },
]

export const Help = ({ onClose }: { onClose(): void }) => (
  <Dialog title={say(words.title)} onClose={onClose}>
    <dl class="keys">
      {keys.map(({ key, words: each }) => (
        <div key={key}>
          <dt>
            <kbd translate={false}>{key}</kbd>
          </dt>
          <dd>{say(each)}</dd>
        </div>
      ))}
    </dl>
    <Check text={say(words.switch)} isOn={areKeysOn.value} onChange={setKeys} />
    <p class="hint">{say(words.hint)}</p>
  </Dialog>
)
