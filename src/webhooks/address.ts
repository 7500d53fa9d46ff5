/**
 * Which addresses webhooks are sent to: public ones over https, and those that `WEBHOOK_ALLOW` names. A URL is checked
 * when it is registered and at every connection, because a name can get another address in between.
 */
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { AddressFault } from '../../api/webhooks/port.ts'

/** Hosts by name and networks that may be private or be reached over http. */
export type AllowedTargets = {
  hosts: ReadonlySet<string>
  networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]
}

/** Public in the registries, but answered by the machine's own cloud host. */
const cloudInternal = new Set(['168.63.129.16'])

/** The old way to write an IPv4 address as IPv6. */
const ipv4Compatible = ipaddr.parseCIDR('::/96') as [ipaddr.IPv6, number]

/**
 * Reads a comma list of host names, addresses and networks in CIDR form.
 * @throws Error that names the entry which is none of them.
 */
export const readAllowedTargets = (list: string): AllowedTargets => {
  const hosts = new Set<string>()
  const networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = []
  for (const entry of list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')) {
    if (entry.includes('/')) {
      if (!ipaddr.isValidCIDR(entry))
        throw new Error(`WEBHOOK_ALLOW: ${entry} is no network such as 10.0.0.0/8.`)
      networks.push(ipaddr.parseCIDR(entry))
    } else if (isIP(entry) !== 0) {
      const address = ipaddr.parse(entry)
      networks.push([address, address.kind() === 'ipv4' ? 32 : 128])
    } else if (/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(entry)) {
      hosts.add(entry.toLowerCase())
    } else {
      throw new Error(`WEBHOOK_ALLOW: ${entry} is no host name, address or network.`)
    }
  }
  return { hosts, networks }
}

const isAllowedAddress = (address: ipaddr.IPv4 | ipaddr.IPv6, { networks }: AllowedTargets): boolean =>
  networks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match([network, bits] as never),
  )

/** Whether a numeric address may be connected to. An IPv4 address written as IPv6 counts as that IPv4 address. */
export const isAllowedIp = (text: string, allowed: AllowedTargets): boolean => {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (isAllowedAddress(address, allowed)) return true
  if (address.kind() === 'ipv6' && address.match(ipv4Compatible)) return false
  return address.range() === 'unicast' && !cloudInternal.has(address.toString())
}

/** The host of a URL without brackets and trailing dot, in lower case. */
const hostOf = ({ hostname }: URL): string =>
  hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()

/** What is wrong with a URL as it is written; `null`: nothing. What its name resolves to is checked at the connection. */
export const urlFault = (text: string, allowed: AllowedTargets): AddressFault | null => {
  if (!URL.canParse(text)) return 'malformed'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not_https'
  if (url.username !== '' || url.password !== '') return 'credentials'
  const host = hostOf(url)
  if (host === '') return 'malformed'
  const isLiteral = isIP(host) !== 0
  const isNamed = isLiteral
    ? ipaddr.isValid(host) && isAllowedAddress(ipaddr.process(host), allowed)
    : allowed.hosts.has(host)
  if (url.protocol === 'http:' && !isNamed) return 'not_https'
  if (isNamed) return null
  if (isLiteral) return isAllowedIp(host, allowed) ? null : 'not_public'
  // where networks are named, the connection's check of the resolved address decides
  const isInternalName = /(^|\.)(localhost|local|internal|home\.arpa)$/.test(host) || !host.includes('.')
  return isInternalName && allowed.networks.length === 0 ? 'not_public' : null
}

/** A connection was refused because of where it would have gone. */
export class AddressRefusal extends Error {
  constructor() {
    super('the address is not public and WEBHOOK_ALLOW does not name it')
    this.name = 'AddressRefused'
  }
}

type Resolve = (host: string) => Promise<{ address: string; family: number }[]>

/**
 * A `lookup` for outgoing sockets: resolves a name once, and hands the socket exactly the addresses that were checked.
 * One address that is not allowed refuses them all: a name that mixes both is an attempt to get inside.
 */
export const checkedLookup =
  (allowed: AllowedTargets, resolve: Resolve): LookupFunction =>
  (host, options, callback) => {
    resolve(host).then(
      (found) => {
        const isNamed = allowed.hosts.has(host.replace(/\.$/, '').toLowerCase())
        if (
          found.length === 0 ||
          (!isNamed && !found.every(({ address }) => isAllowedIp(address, allowed)))
        ) {
          callback(new AddressRefusal(), '', 0)
        } else if (options.all === true) {
          callback(null, found)
        } else {
          const [first] = found as [{ address: string; family: number }]
          callback(null, first.address, first.family)
        }
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
