/** The names generated clients give their calls: a verb and what it is done to. */

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** `ticket` of `tickets`, where one of them is meant. */
const singular = (word: string): string =>
  word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/(?<!s)s$/, '')

/** An act on one thing is the verb and then the thing; what is posted to a collection makes one of its kind. */
const nameOfPost = (words: readonly string[], last: string, isAct: boolean): string => {
  const verb = last.split('-')
  if (!isAct) return `create${[...words.slice(0, -1), singular(words.at(-1) ?? '')].map(capital).join('')}`
  const [first = '', ...more] = verb
  return [first, ...[...more, ...words.slice(0, words.length - verb.length)].map(capital)].join('')
}

/**
 * The `operationId` of a route without a name of its own (`config.operationId`): `GET` and `/v1/dealers/{code}` are
 * `getDealer`. It is made of the method and the fixed parts of the path; what ends in a collection is listed.
 */
export const operationIdOf = (method: string, path: string): string => {
  const parts = path.split('/').filter((part) => part !== '' && part !== 'v1')
  const words = parts.flatMap((part, index) => {
    if (part.startsWith('{')) return []
    const isOne = parts[index + 1]?.startsWith('{') === true
    return (isOne ? singular(part) : part).split('-')
  })
  const last = parts.at(-1) ?? ''
  if (method === 'post') return nameOfPost(words, last, parts.at(-2)?.startsWith('{') === true)
  const isList = method === 'get' && last.endsWith('s')
  return `${isList ? 'list' : method}${words.map(capital).join('')}`
}
