/** Starts the page. */
import { render } from 'preact'
import { App } from './app/App.tsx'
import { comeBack, keepRenewing } from './session/provider.ts'
import { resume } from './session/session.ts'
import './styles.css'

resume()
await comeBack()
keepRenewing()
render(<App />, document.getElementById('app') as HTMLElement)
