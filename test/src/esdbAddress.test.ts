import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readEsdbAddress, requireQuietClient } from '../../src/store/esdb/address.ts'
import { temporaryFolder } from '../store/folder.ts'

describe('an EventStoreDB address', () => {
  test('names one node, several, or a cluster in the DNS', () => {
    expect(readEsdbAddress('esdb://db.example.com?tls=false')).toMatchObject({
      endpoints: [{ address: 'db.example.com', port: 2113 }],
      discover: false,
      tls: false,
      prefix: 'complaint-tickets.',
    })
    expect(readEsdbAddress('esdb://a:2111,b:2112,c').endpoints).toEqual([
      { address: 'a', port: 2111 },
      { address: 'b', port: 2112 },
      { address: 'c', port: 2113 },
    ])
    expect(readEsdbAddress('esdb+discover://cluster.example.com:2113/')).toMatchObject({
      discover: true,
      tls: true,
    })
  })

  test('passes on user, timing, names, whatever their case', () => {
    const text =
      'esdb://tickets:p%40ss%3A%25@db?KeepAliveInterval=12000&gossipTimeout=3&connectionName=node-a&streamPrefix=brand-b.'
    expect(readEsdbAddress(text)).toMatchObject({
      credentials: { username: 'tickets', password: 'p@ss:%' },
      timing: { keepAliveInterval: 12_000, gossipTimeout: 3 },
      connectionName: 'node-a',
      prefix: 'brand-b.',
    })
  })

  test('passes on the authority’s and the user’s certificates', async () => {
    const { dir, remove } = await temporaryFolder()
    for (const name of ['ca', 'cert', 'key']) writeFileSync(join(dir, name), name)
    const files = `tlsCAFile=${dir}/ca&userCertFile=${dir}/cert&userKeyFile=${dir}/key`
    const { caFile, userCertificate } = readEsdbAddress(`esdb://db?${files}`)
    expect([caFile, userCertificate?.certificate, userCertificate?.key].map(String)).toEqual([
      'ca',
      'cert',
      'key',
    ])
    expect(() => readEsdbAddress(`esdb://db?tlsCAFile=${dir}/none`)).toThrow(
      'tlsCAFile that cannot be read (ENOENT)',
    )
    await remove()
  })

  test.each([
    ['postgres://db', 'must be sqlite, or an address like'],
    ['esdb://', 'must be sqlite, or an address like'],
    ['esdb://db:99999', 'as host:port'],
    ['esdb://db:0', 'as host:port'],
    ['esdb://db,,other', 'as host:port'],
    ['esdb://admin@db', 'its user as user:password@'],
    ['esdb://admin:a:b@db', 'its user as user:password@'],
    ['esdb://admin:50%@db', 'not percent-encoded'],
    ['esdb://a:very-secret@db?colour=very-secret', 'an option that is not name=value'],
    ['esdb://db?very-secret', 'an option that is not name=value'],
    ['esdb://db?tls=yes', 'must say tls=true or tls=false'],
    ['esdb://db?tls=true&tls=false', 'the option tls twice'],
    ['esdb://db?tlsVerifyCert=false', 'which the client cannot do'],
    ['esdb://db?throwOnAppendFailure=false', 'a conflict would look like success'],
    ['esdb://db?nodePreference=follower', 'nodePreference=leader or leave it out'],
    ['esdb://db?keepAliveInterval=5', 'keepAliveInterval as a whole number from 10000'],
    ['esdb://db?defaultDeadline=soon', 'defaultDeadline as a whole number from 1'],
    ['esdb://db?userCertFile=/dev/null', 'userCertFile and userKeyFile together'],
    ['esdb://db?tls=false&tlsCAFile=/dev/null', 'has certificates and tls=false'],
    ['esdb+discover://a,b', 'takes one host'],
    ['esdb://db?streamPrefix=$all', 'streamPrefix as letters'],
  ])('that cannot be is refused with a sentence that tells nothing of it: %s', (text, sentence) => {
    let message = ''
    try {
      readEsdbAddress(text)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toContain(`EVENT_STORE ${sentence.slice(0, 4)}`.slice(0, 11))
    expect(message).toContain(sentence)
    expect(message).not.toContain('very-secret')
  })

  test.each(['esdb:*', '*', 'fastify,esdb:connection', 'knex esdb*'])(
    'is not given to a client that DEBUG=%s makes talk',
    (debug) => {
      expect(() => requireQuietClient(debug)).toThrow('passwords')
    },
  )

  test.each([undefined, '', 'fastify', 'knex:sql'])('is given to one with DEBUG=%s', (debug) => {
    expect(() => requireQuietClient(debug)).not.toThrow()
  })
})
