/** Changes the language without loading the page again. */
import { language, setLanguage } from '../core/words.ts'

/** Each language is named in itself. */
const names = { zh: '中文', en: 'English' } as const

export const LanguageSwitch = () => {
  const other = language.value === 'zh' ? 'en' : 'zh'
  return (
    <button
      type="button"
      class="quiet language"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      translate={false}
      onClick={() => setLanguage(other)}
    >
      {names[other]}
    </button>
  )
}
