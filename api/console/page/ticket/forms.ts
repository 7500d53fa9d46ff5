/** Opens a printable form of a ticket in a tab of its own. */
import { fetchAnswer } from '../core/api.ts'

/**
 * The form is fetched with the user's token and shown from memory. Its tab takes over this page's policy, which allows
 * style sheets of the service only, so the form's own style is replaced by a link to the same style.
 * @throws ApiProblem
 */
export const openForm = async (path: string): Promise<void> => {
  const tab = window.open('about:blank')
  try {
    const answer = await fetchAnswer(path, { accept: 'text/html' })
    const style = `<link rel="stylesheet" href="${location.origin}/console/form.css">`
    const text = (await answer.text()).replace(/<style>[\s\S]*?<\/style>/, style)
    const address = URL.createObjectURL(new Blob([text], { type: 'text/html;charset=utf-8' }))
    if (tab === null) location.assign(address)
    else tab.location.replace(address)
    // the tab has read it by then
    setTimeout(() => URL.revokeObjectURL(address), 60_000)
  } catch (error) {
    tab?.close()
    throw error
  }
}
