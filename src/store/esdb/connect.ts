/** The client for an address: a cluster that is discovered, several nodes, or one. */
import { EventStoreDBClient } from '@eventstore/db-client'
import type { EsdbAddress } from './address.ts'

export const connect = ({
  endpoints,
  discover,
  tls,
  credentials,
  ...rest
}: EsdbAddress): EventStoreDBClient => {
  const { caFile, userCertificate, timing, connectionName } = rest
  const { discoveryInterval, maxDiscoverAttempts, gossipTimeout, ...settings } = timing
  const common = {
    ...settings,
    throwOnAppendFailure: true,
    ...(connectionName !== undefined && { connectionName }),
  }
  const discovery = {
    nodePreference: 'leader' as const,
    ...(discoveryInterval !== undefined && { discoveryInterval }),
    ...(maxDiscoverAttempts !== undefined && { maxDiscoverAttempts }),
    ...(gossipTimeout !== undefined && { gossipTimeout }),
  }
  const channel = {
    insecure: !tls,
    ...(caFile !== undefined && { rootCertificate: caFile }),
    ...(userCertificate !== undefined && {
      userCertFile: userCertificate.certificate,
      userKeyFile: userCertificate.key,
    }),
  }
  // without TLS the client would say with every call that it leaves them out
  const user = tls ? credentials : undefined
  const [first] = endpoints as [EsdbAddress['endpoints'][0]]
  if (discover) return new EventStoreDBClient({ ...common, ...discovery, discover: first }, channel, user)
  if (endpoints.length > 1)
    return new EventStoreDBClient({ ...common, ...discovery, endpoints }, channel, user)
  return new EventStoreDBClient({ ...common, endpoint: first }, channel, user)
}
