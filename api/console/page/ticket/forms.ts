/** Pages to print, in a tab of their own, and files, as downloads. */
import { fetchAnswer } from '../core/api.ts'

/**
 * The form is fetched with the user's token and shown from memory. Its tab takes over this page's policy, which allows
 * style sheets of the service only, so the form's own style is replaced by a link to the same style.
 * @throws ApiProblem
 */
export const openForm = async (path: string, sheet: 'form' | 'letter' = 'form'): Promise<void> => {
  const tab = window.open('about:blank')
  try {
    const answer = await fetchAnswer(path, { accept: 'text/html' })
    const style = `<link rel="stylesheet" href="${location.origin}/console/${sheet}.css">`
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

/** Gives a file to the browser as a download. */
export const saveFile = (file: Blob, name: string): void => {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
