/** The screens of one entry of the head, where there are several. */
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { entryOf, type Screen } from '../screens/registry.ts'

type Props = { screen: Screen; screens: readonly Screen[] }

export const Tabs = ({ screen, screens }: Props) => {
  const entry = entryOf(screen)
  const own = screens.filter((each) => entryOf(each) === entry)
  const name = own.find(({ id }) => id === entry) ?? screen
  if (own.length < 2) return null
  return (
    <nav class="tabs" aria-label={say(name.words)}>
      <ul>
        {own.map(({ id, words, tab }) => (
          <li key={id}>
            <a
              href={hrefOf({ ...route.value, screen: id })}
              {...(id === screen.id && { 'aria-current': 'page' as const })}
            >
              {say(tab ?? words)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
