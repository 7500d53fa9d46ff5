import { describe, expect, test } from '@jest/globals'
import {
  AddressRefusal,
  checkedLookup,
  isAllowedIp,
  readAllowedTargets,
  urlFault,
} from '../../src/webhooks/address.ts'

const none = readAllowedTargets('')

describe('where webhooks are sent', () => {
  test.each([
    ['plain http', 'http://hooks.example.com/', 'not_https'],
    ['another scheme', 'ftp://hooks.example.com/', 'not_https'],
    ['a file', 'file:///etc/passwd', 'not_https'],
    ['a user and a password', 'https://user:secret@hooks.example.com/', 'credentials'],
    ['a public name as the user', 'https://hooks.example.com@127.0.0.1/', 'credentials'],
    ['no URL', 'hooks.example.com', 'malformed'],
    ['loopback', 'https://127.0.0.1/', 'not_public'],
    ['loopback by name', 'https://localhost/', 'not_public'],
    ['loopback by a longer name', 'https://a.localhost./', 'not_public'],
    ['loopback in short form', 'https://127.1/', 'not_public'],
    ['loopback as one number', 'https://2130706433/', 'not_public'],
    ['loopback in octal', 'https://0177.0.0.1/', 'not_public'],
    ['loopback in hexadecimal', 'https://0x7f.0x0.0x0.0x1/', 'not_public'],
    ['loopback in full-width digits', 'https://１２７.０.０.１/', 'not_public'],
    ['this host', 'https://0.0.0.0/', 'not_public'],
    ['a private network', 'https://10.1.2.3/', 'not_public'],
    ['another private network', 'https://172.16.0.1/', 'not_public'],
    ['a home network', 'https://192.168.1.1/', 'not_public'],
    ['a provider’s network', 'https://100.64.0.1/', 'not_public'],
    ['the metadata of a cloud', 'https://169.254.169.254/latest/meta-data/', 'not_public'],
    ['the host of the Azure cloud', 'https://168.63.129.16/', 'not_public'],
    ['multicast', 'https://224.0.0.1/', 'not_public'],
    ['broadcast', 'https://255.255.255.255/', 'not_public'],
    ['a network for benchmarks', 'https://198.18.0.1/', 'not_public'],
    ['loopback in IPv6', 'https://[::1]/', 'not_public'],
    ['no address in IPv6', 'https://[::]/', 'not_public'],
    ['IPv4 loopback inside IPv6', 'https://[::ffff:127.0.0.1]/', 'not_public'],
    ['the same in hexadecimal', 'https://[::ffff:7f00:1]/', 'not_public'],
    ['a private IPv6 network', 'https://[fd00:ec2::254]/', 'not_public'],
    ['a link’s IPv6 address', 'https://[fe80::1]/', 'not_public'],
    ['loopback through NAT64', 'https://[64:ff9b::7f00:1]/', 'not_public'],
    ['loopback through 6to4', 'https://[2002:7f00:1::]/', 'not_public'],
    ['loopback through Teredo', 'https://[2001::1]/', 'not_public'],
    ['IPv4 loopback in the old form', 'https://[::127.0.0.1]/', 'not_public'],
    ['an old site-local address', 'https://[fec0::1]/', 'not_public'],
    ['documentation', 'https://[2001:db8::1]/', 'not_public'],
    ['a name without a dot', 'https://metadata/', 'not_public'],
    ['a name of the inside', 'https://metadata.google.internal/', 'not_public'],
  ])('refuses %s', (_, url, fault) => {
    expect(urlFault(url, none)).toBe(fault)
  })

  test.each([
    'https://hooks.example.com/a?b=c',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://hooks.例子.中国/',
  ])('takes %s', (url) => {
    expect(urlFault(url, none)).toBe(null)
  })

  test('takes what WEBHOOK_ALLOW names: hosts, addresses and networks, over http too', () => {
    const allowed = readAllowedTargets('sms.corp.local, 10.0.0.0/8, 127.0.0.1, fd00::/8')
    for (const url of [
      'http://sms.corp.local:8080/in',
      'https://10.20.30.40/',
      'http://10.20.30.40/',
      'http://127.0.0.1:9/',
      'https://[fd00::1]/',
      'https://[::ffff:10.0.0.1]/',
    ])
      expect([url, urlFault(url, allowed)]).toEqual([url, null])
    expect(urlFault('https://192.168.0.1/', allowed)).toBe('not_public')
    expect(urlFault('http://other.example.com/', allowed)).toBe('not_https')
  })

  test.each(['10.0.0.0/99', 'http://a', 'a b'])('says which entry of WEBHOOK_ALLOW is wrong: %s', (entry) => {
    expect(() => readAllowedTargets(`good.example, ${entry}`)).toThrow(entry)
  })

  const lookedUp = (addresses: string[], host = 'hooks.example.com', allowed = none): Promise<unknown> =>
    new Promise((resolve) => {
      const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      checkedLookup(allowed, async () => found)(host, { all: true }, (error, addresses) =>
        resolve(error ?? addresses),
      )
    })

  test('connects to exactly the addresses that were checked', async () => {
    expect(await lookedUp(['8.8.8.8', '2606:4700::1111'])).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ])
  })

  test.each([
    [['127.0.0.1']],
    [['8.8.8.8', '10.0.0.1']],
    [['::ffff:169.254.169.254']],
    [['168.63.129.16']],
    [[]],
  ])('refuses a public name that leads to %j', async (addresses) => {
    expect(await lookedUp(addresses)).toBeInstanceOf(AddressRefusal)
  })

  test('lets a name that WEBHOOK_ALLOW names lead anywhere', async () => {
    const allowed = readAllowedTargets('sms.corp.local')
    expect(await lookedUp(['10.0.0.1'], 'sms.corp.local', allowed)).toEqual([
      { address: '10.0.0.1', family: 4 },
    ])
  })

  test('knows no address in what is none', () => {
    expect(isAllowedIp('hooks.example.com', none)).toBe(false)
  })
})
