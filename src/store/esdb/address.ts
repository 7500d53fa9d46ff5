/** The address of an EventStoreDB, `esdb://…`: parsed and checked here, before the client gets it. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export type Endpoint = { address: string; port: number }

/** What an address says. Certificates are read already. */
export type EsdbAddress = {
  endpoints: Endpoint[]
  /** `esdb+discover://`: the one host names the cluster in the DNS. */
  discover: boolean
  tls: boolean
  credentials?: { username: string; password: string }
  caFile?: Buffer
  userCertificate?: { certificate: Buffer; key: Buffer }
  /** Whole numbers the client takes as they are: milliseconds, `gossipTimeout` seconds, `maxDiscoverAttempts` times. */
  timing: Partial<Record<TimingName, number>>
  connectionName?: string
  /** What all streams of this service begin with there; nothing else is ever looked at. */
  prefix: string
}

/** Smallest value of each: the client warns of, or chokes on, what is below. */
const timingNames = {
  defaultDeadline: 1,
  discoveryInterval: 1,
  gossipTimeout: 1,
  maxDiscoverAttempts: 1,
  keepAliveInterval: 10_000,
  keepAliveTimeout: 1,
} as const
type TimingName = keyof typeof timingNames

const otherNames = [
  'tls',
  'tlsVerifyCert',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
  'nodePreference',
  'throwOnAppendFailure',
  'connectionName',
  'streamPrefix',
]
const known = new Map([...Object.keys(timingNames), ...otherNames].map((name) => [name.toLowerCase(), name]))

/** What streams begin with, unless the address says otherwise: the server may have other data too. */
const defaultPrefix = 'complaint-tickets.'

const example = 'esdb://user:password@host:2113?tls=true'

/** Every sentence begins with the variable and never has a part of the address in it but a known option's name. */
const fail = (sentence: string): never => {
  throw new Error(`EVENT_STORE ${sentence}`)
}

const decoded = (text: string, what: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail(
      `has ${what} that is not percent-encoded as it should be: write % as %25, @ as %40, : as %3A.`,
    )
  }
}

const endpointOf = (text: string): Endpoint => {
  const [, address, port = '2113'] = /^([\w.-]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (address === undefined || Number(port) < 1 || Number(port) > 65_535)
    return fail(`must name its hosts as host:port, several with commas between, like ${example}.`)
  return { address, port: Number(port) }
}

const credentialsOf = (text: string): NonNullable<EsdbAddress['credentials']> => {
  const [username, password, ...more] = text.split(':')
  if (!username || !password || more.length > 0)
    return fail(`must give its user as user:password@, both percent-encoded, like ${example}.`)
  return { username: decoded(username, 'a user name'), password: decoded(password, 'a password') }
}

const optionsOf = (query: string): Map<string, string> => {
  const options = new Map<string, string>()
  for (const pair of query === '' ? [] : query.split('&')) {
    const [key = '', value = '', ...more] = pair.split('=')
    const name = known.get(key.trim().toLowerCase())
    // the name of an unknown option may be a piece of a password that was not encoded
    if (name === undefined || more.length > 0 || value.trim() === '')
      return fail(
        `has an option that is not name=value with a name out of ${[...known.values()].join(', ')}.`,
      )
    if (options.has(name)) return fail(`gives the option ${name} twice.`)
    options.set(name, decoded(value.trim(), `a value of ${name}`))
  }
  return options
}

const yesOrNo = (options: Map<string, string>, name: string, otherwise: boolean): boolean => {
  const value = options.get(name)
  if (value !== undefined && value !== 'true' && value !== 'false')
    return fail(`must say ${name}=true or ${name}=false.`)
  return value === undefined ? otherwise : value === 'true'
}

const timingOf = (options: Map<string, string>): EsdbAddress['timing'] => {
  const timing: EsdbAddress['timing'] = {}
  for (const [name, least] of Object.entries(timingNames) as [TimingName, number][]) {
    const value = options.get(name)
    if (value === undefined) continue
    if (!/^\d{1,9}$/.test(value) || Number(value) < least)
      return fail(`must give ${name} as a whole number from ${least}.`)
    timing[name] = Number(value)
  }
  return timing
}

const fileOf = (options: Map<string, string>, name: string): Buffer | undefined => {
  const path = options.get(name)
  if (path === undefined) return undefined
  try {
    return readFileSync(resolve(path))
  } catch (error) {
    return fail(`names a ${name} that cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

const certificatesOf = (options: Map<string, string>, tls: boolean) => {
  const caFile = fileOf(options, 'tlsCAFile')
  const certificate = fileOf(options, 'userCertFile')
  const key = fileOf(options, 'userKeyFile')
  if ((certificate === undefined) !== (key === undefined))
    return fail('must give userCertFile and userKeyFile together, or neither.')
  if (!tls && (caFile !== undefined || certificate !== undefined))
    return fail('has certificates and tls=false: leave out one of them.')
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certificate !== undefined && key !== undefined && { userCertificate: { certificate, key } }),
  }
}

const refuseWhatCannotBe = (options: Map<string, string>): void => {
  if (!yesOrNo(options, 'tlsVerifyCert', true))
    fail(
      'says tlsVerifyCert=false, which the client cannot do: name the authority of the certificates with tlsCAFile.',
    )
  if (!yesOrNo(options, 'throwOnAppendFailure', true))
    fail('says throwOnAppendFailure=false, under which a conflict would look like success: leave it out.')
  if ((options.get('nodePreference') ?? 'leader').toLowerCase() !== 'leader')
    fail('must say nodePreference=leader or leave it out: commands decide on what the leader knows.')
}

/** Our own option, for several installations on one cluster. */
const prefixOf = (options: Map<string, string>): string => {
  const prefix = options.get('streamPrefix') ?? defaultPrefix
  if (!/^[A-Za-z][\w.-]{0,99}$/.test(prefix))
    return fail('must give streamPrefix as letters, digits, dots, hyphens, a letter first, 100 at most.')
  return prefix
}

/**
 * Reads and checks an address: `esdb://` or `esdb+discover://`, user, hosts, options.
 * @throws Error with a sentence that says what to do and tells nothing of the address.
 */
export const readEsdbAddress = (text: string): EsdbAddress => {
  const [, scheme, rest = ''] = /^(esdb(?:\+discover)?):\/\/(.+)$/s.exec(text.trim()) ?? []
  if (scheme === undefined) return fail(`must be sqlite, or an address like ${example}.`)
  const [, authority = '', query = ''] = /^([^?]*?)\/*(?:\?(.*))?$/s.exec(rest) ?? []
  const at = authority.lastIndexOf('@')
  const credentials = at < 0 ? undefined : credentialsOf(authority.slice(0, at))
  const endpoints = authority
    .slice(at + 1)
    .split(',')
    .map(endpointOf)
  const discover = scheme === 'esdb+discover'
  if (discover && endpoints.length > 1)
    fail('with esdb+discover:// takes one host, which names them all in the DNS.')
  const options = optionsOf(query)
  refuseWhatCannotBe(options)
  const tls = yesOrNo(options, 'tls', true)
  const connectionName = options.get('connectionName')
  return {
    endpoints,
    discover,
    tls,
    ...(credentials !== undefined && { credentials }),
    ...certificatesOf(options, tls),
    timing: timingOf(options),
    prefix: prefixOf(options),
    ...(connectionName !== undefined && { connectionName }),
  }
}

/**
 * Refuses a `DEBUG` under which the client writes addresses, passwords and private keys to the log.
 * @throws Error with a sentence that says what to do.
 */
export const requireQuietClient = (debug: string | undefined): void => {
  if (/(^|[\s,])(esdb|\*)/.test(debug ?? ''))
    throw new Error('DEBUG makes the EventStoreDB client log passwords: take esdb and * out of it.')
}
