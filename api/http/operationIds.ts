/** The names generated clients give their calls: a verb and what it is done to. */

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** `ticket` of `tickets`, where one of them is meant. */
const singular = (word: string): string =>
  word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/(?<!s)s$/, '')

/** What is done by the nouns that a path may end in; every other single word that is posted to is a verb itself. */
const verbOfNoun: Readonly<Record<string, string>> = {
  complaint: 'register',
  meeting: 'record',
  weight: 'change',
  search: 'search',
  retention: 'run',
}

const inOrder = (verb: string, words: readonly string[]): string => [verb, ...words.map(capital)].join('')

/**
 * An act on one thing is the verb and then the thing; what is posted to a collection makes one of its kind, or adds one
 * to the thing it belongs to.
 */
const nameOfPost = (words: readonly string[], { last, isAct }: { last: string; isAct: boolean }): string => {
  const things = [...words.slice(0, -1), singular(words.at(-1) ?? '')]
  if (last.startsWith('{')) return inOrder('change', things)
  const ofNoun = verbOfNoun[last]
  if (ofNoun === 'search') return inOrder(ofNoun, words.slice(0, -1))
  if (ofNoun !== undefined) return inOrder(ofNoun, words)
  if (!isAct) return inOrder('create', things)
  if (/(?<!s)s$/.test(last)) return inOrder('add', things)
  const [verb = '', ...more] = last.split('-')
  const acted = words.slice(0, words.length - more.length - 1)
  // `rotate-secret` of a webhook: what is rotated comes last
  return inOrder(verb, [...acted, ...more])
}

/**
 * The `operationId` of a route without a name of its own (`config.operationId`): `GET` and `/v1/dealers/{code}` are
 * `getDealer`. It is made of the method and the fixed parts of the path; what ends in a collection is listed.
 */
export const operationIdOf = (method: string, path: string): string => {
  const parts = path.split('/').filter((part) => part !== '' && part !== 'v1')
  const last = parts.at(-1) ?? ''
  const isForm = parts.at(-2) === 'forms'
  const words = parts.flatMap((part, index) => {
    if (part.startsWith('{') || (part === 'forms' && isForm)) return []
    // `sms-contacts/requests/{requestId}/accept` is about one contact; a search is about all
    const isOne = index < parts.length - 1 && last !== 'search'
    return (isOne || parts[index + 1]?.startsWith('{') ? singular(part) : part).split('-')
  })
  if (method === 'post') return nameOfPost(words, { last, isAct: parts.at(-2)?.startsWith('{') === true })
  if (isForm) return inOrder(method, [...words.filter((word, index) => word !== words[index - 1]), 'form'])
  if (last === 'print') return inOrder(last, words.slice(0, -1))
  const isList = method === 'get' && last.endsWith('s')
  return `${isList ? 'list' : method}${words.map(capital).join('')}`
}
