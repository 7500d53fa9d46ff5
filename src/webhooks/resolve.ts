/** Resolves the names of receivers. */
import { lookup, Resolver } from 'node:dns/promises'
import type { AllowedTargets } from './address.ts'

type ResolvedAddress = { address: string; family: number }

/** For one question to a name server, and how often it is asked. */
const dnsOptions = { timeout: 3_000, tries: 2 }

/**
 * Names on the operator's list are resolved as the machine resolves them, `/etc/hosts` included. All others are asked
 * of the name servers directly: `lookup` takes a thread of the process for as long as a name server is silent, and a
 * few of those would hold up everybody.
 */
export const createResolve = ({
  hosts,
}: Pick<AllowedTargets, 'hosts'>): ((host: string) => Promise<ResolvedAddress[]>) => {
  const resolver = new Resolver(dnsOptions)
  const ask = async (host: string): Promise<ResolvedAddress[]> => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const found = [
      ...(v4.status === 'fulfilled' ? v4.value.map((address) => ({ address, family: 4 })) : []),
      ...(v6.status === 'fulfilled' ? v6.value.map((address) => ({ address, family: 6 })) : []),
    ]
    if (found.length === 0 && v4.status === 'rejected') throw v4.reason
    return found
  }
  return (host) =>
    hosts.has(host.replace(/\.$/, '').toLowerCase()) ? lookup(host, { all: true, verbatim: true }) : ask(host)
}
