import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { customerIdKey, customerKeys, phoneKey, vinKey } from '../../domain/customerKeys.ts'
import { defaultPolicy } from '../../domain/policy.ts'

const mobile = '13800000000'
const shanghai = '02160000000'
const vin = 'LSVAA49J132047371'

describe('phones compare by the digits of one number (rulebook §6)', () => {
  test.each([
    mobile,
    '+8613800000000',
    '008613800000000',
    '8613800000000',
    '+86 138-0000-0000',
    '(+86) 138 0000 0000',
    '+86-138-0000-0000',
    '86 138 0000 0000',
    '86-13800000000',
    '0086-138-0000-0000',
    '00 86 138 0000 0000',
    '+ 86 138 0000 0000',
    '＋８６１３８００００００００',
    '１３８00000000',
    '013800000000',
    '0 138 0000 0000',
    '+86 0138 0000 0000',
    '+86 (0)138 0000 0000',
    '0086013800000000',
    '138.0000.0000',
    '138·0000·0000',
    '138–0000–0000',
    '138—0000—0000',
    '138−0000−0000',
    '138‑0000‑0000',
    '138\u00a00000\u30000000',
    '138\t0000\n0000',
    '\u200e13800000000\u200f',
    '138\u200b0000\u20600000',
    '\ufeff138\u00ad00000000',
    '\u202d13800000000\u202c',
    '电话：13800000000',
    '手机 138 0000 0000',
    'Tel. +86 13800000000',
    'Fax 13800000000',
    '13800000000（张先生）',
    '13800000000 张先生',
    '张先生13800000000',
    '13800000000、13900000000',
    '13800000000/13900000000',
    '13800000000／13900000000',
    '13800000000，13900000000',
    '13800000000;13900000000',
    '13800000000；13900000000',
    '13800000000 13900000000',
    '13800000000\n13900000000',
    '138 0000 0000 139 0000 0000',
    '13800000000或13900000000',
    '13800000000 or 13900000000',
    '13800000000(妻子13900000000)',
    '13800000000 (13900000000)',
    '13800000000+13900000000',
    '13800000000转801',
    '13800000000转801分机2',
    '13800000000#801',
    '13800000000＃801',
    '13800000000 ext 801',
    '13800000000 EXT.801',
    '13800000000x801',
    '13800000000 分机 801',
    '13800000000內線801',
    '13800000000。',
  ])('%j is the mobile', (phone) => {
    expect(phoneKey(phone)).toBe(mobile)
  })

  test.each([
    shanghai,
    '021-60000000',
    '021 6000 0000',
    '(021)60000000',
    '（021）6000 0000',
    '+86 21 6000 0000',
    '+86-21-60000000',
    '+862160000000',
    '00862160000000',
    '0086 21 60000000',
    '+86 021 60000000',
    '+86 (0)21 6000-0000',
    '+86(21)60000000',
    '021-60000000转8001',
    '021-60000000轉8001',
    '021-60000000 分机8001',
    '021-60000000分機8001',
    '021-60000000ext8001',
    '021-60000000 x 8001',
    '021-60000000#8001',
    '０２１－６０００００００',
    '021-60000000 / 010-60000000',
    '021 6000 0000 010 6000 0000',
    '021-60000000 13800000000',
  ])('%j is the landline', (phone) => {
    expect(phoneKey(phone)).toBe(shanghai)
  })

  test.each([
    ['+86 10 6000 0000', '01060000000'],
    ['010 6000 0000', '01060000000'],
    ['+86 991 600 0000', '09916000000'],
    ['6000 0000', '60000000'],
    ['600 0000', '6000000'],
    ['+86 400 820 0000', '4008200000'],
    ['400-820-0000', '4008200000'],
    ['+86 800 820 0000', '8008200000'],
    ['862160000000', '862160000000'],
    ['+49 30 1234567', '49301234567'],
    ['0049 30 1234567', '49301234567'],
    ['+852 6000 0000', '85260000000'],
    ['60000000 60000001', '60000000'],
  ])('%j is %s', (phone, key) => {
    expect(phoneKey(phone)).toBe(key)
  })

  test.each([
    ...['', ' ', '\u3000', '\u200b', '无', '-', '--', '/', 'N/A', '+86', '0086', '+', '（）', '转8001', 'x'],
    ...[
      '0',
      '000',
      '0000000',
      '00000000000',
      '1111111',
      '11111111111',
      '８８８８８８８８',
      '08888888',
      '+86 1111111',
    ],
    ...['12345', '110', '95555', '600000', '021/60000000', '+86 10086'],
    ...[
      '138****0000',
      '138＊＊＊＊0000',
      '138××××0000',
      '138xxxx0000',
      '138XXXX0000',
      '138????0000',
      '138●●●●0000',
    ],
    ...['1380000000*', '*13800000000'],
  ])('%j is no key', (phone) => {
    expect(phoneKey(phone)).toBeNull()
  })
})

describe('VINs compare in upper case (rulebook §6)', () => {
  test.each([
    vin,
    'lsvaa49j132047371',
    ' LSVAA49J132047371 ',
    'ＬＳＶＡＡ49j132047371',
    'LSVAA49J1 32047371',
    'LSV-AA49J-132047371',
    'LSVAA49J\u200b132047371',
    '\u200eLSVAA49J132047371',
    'LSVAA\u00ad49J132047371',
    'LSVAA49J132047371\u2060',
    'LSVAA49J132047371\r\n',
  ])('%j is the VIN', (text) => {
    expect(vinKey(text)).toBe(vin)
  })

  test.each([
    ...[
      '',
      '-',
      '无',
      '0',
      'N/A',
      'LSVAA49J13204737',
      'LSVAA49J1320473711',
      'LSVAA49J13204737I',
      'LSVAA49J13204737O',
    ],
    ...[
      'LSVAA49J13204737Q',
      '00000000000000000',
      '11111111111111111',
      'XXXXXXXXXXXXXXXXX',
      'LSVAA49J********1',
      '待补',
    ],
  ])('%j is no key', (text) => {
    expect(vinKey(text)).toBeNull()
  })
})

describe('customer numbers compare in their own case (rulebook §6)', () => {
  test.each([
    ['C-1', 'C1'],
    [' c-1 ', 'c1'],
    ['Ｃ１', 'C1'],
    ['C\u200b1', 'C1'],
    ['C 1', 'C1'],
    ['客户-8', '客户8'],
    ['11', '11'],
  ])('%j is %s', (text, key) => {
    expect(customerIdKey(text)).toBe(key)
  })

  test.each([
    '',
    ' ',
    '-',
    '—',
    '/',
    '...',
    '。',
    '？',
    '0',
    '00',
    '０００',
    '111',
    '999999',
    'xxx',
    '（000）',
    '"00"',
    '[111]',
    '《xxx》',
    '***',
    'C12***78',
  ])('%j is no key', (text) => {
    expect(customerIdKey(text)).toBeNull()
  })
})

describe("the policy's placeholders join nobody (rulebook §6)", () => {
  const none = { customerId: null, phone: null, vin: null }
  const keysOf = (text: string, words: readonly string[] = defaultPolicy.placeholders) =>
    customerKeys({ customer: { customerId: text, phone: text }, vehicle: { vin: text } }, words)

  test.each([
    ...['无', '暂无', '不详', '未知', '没有', '匿名', '-', '/', 'N/A', 'null', 'unknown', '0'],
    ...[
      '（无）',
      '(无)',
      '“无”',
      '‘无’',
      '「无」',
      '《无》',
      '【N/A】',
      '[n/a]',
      '"无".',
      '无。',
      '：无',
      '<null>',
      '#N/A',
    ],
    ...[
      'N/A/',
      '（ 暂 无 ）',
      '((unknown))',
      '「\u200b未知」',
      '(0)',
      '"0"',
      '【-】',
      '{none}',
      '`nil`',
      '—无—',
      '~无~',
    ],
    ...[' 无 ', '無', 'n/a', 'Ｎ／Ａ', 'NULL', 'Unknown', '未\u200b知', '暂 无', 'N - / - A', '０'],
  ])('%j is no key of any kind', (text) => {
    expect(keysOf(text)).toEqual(none)
  })

  test('a word counts as soon as the policy has it, however it is written', () => {
    expect(keysOf('walk-in', []).customerId).toBe('walkin')
    expect(keysOf('Walk In', ['walk-in']).customerId).toBeNull()
  })

  test.each([...['（散客）', '“散客”', '散客。', '-散客-', '散客']])(
    'a word counts with signs around it in the policy too: %j',
    (word) => {
      for (const text of ['散客', '【散客】', '散-客!']) expect(keysOf(text, [word]).customerId).toBeNull()
      expect(keysOf('散客王', [word]).customerId).toBe('散客王')
    },
  )

  test.each([...['无锡-001', 'N/A1', 'A/N', 'NA7', '(无锡)', 'C/无', '无/C', '无1', '0/1']])(
    '%j holds a placeholder inside and is a key',
    (text) => {
      expect(keysOf(text).customerId).not.toBeNull()
    },
  )

  test('signs alone in the policy name nothing but themselves', () => {
    expect(keysOf('(C1)', ['-', '/', '.', '()', '""']).customerId).toBe('(C1)')
  })

  test('a number the policy names is no key in any of its forms', () => {
    const words = ['13800138000', vin]
    expect(keysOf('+86 138-0013-8000', words).phone).toBeNull()
    expect(keysOf('138 0013 8000', words)).toEqual(none)
    expect(keysOf('lsv aa49j132047371', words)).toEqual(none)
    expect(keysOf('13800138001', words).phone).toBe('13800138001')
  })

  test('what is missing is no key', () => {
    expect(customerKeys({}, [])).toEqual(none)
  })
})

const unseen = [
  ...[
    '\u200b',
    '\u200c',
    '\u200d',
    '\u200e',
    '\u200f',
    '\u2060',
    '\u2061',
    '\u00ad',
    '\ufeff',
    '\u202a',
    '\u202e',
  ],
  ...[
    '\u2066',
    '\u2069',
    '\u061c',
    '\u180e',
    '\u034f',
    '\ufe0f',
    '\u115f',
    '\u3164',
    '\u0001',
    '\u007f',
    '\u0085',
  ],
  ...['\u{e0001}', '\u{e0061}', '\u{1bca0}', '\u206a'],
]
const spread = (text: string, places: readonly [number, string][]): string =>
  places.reduce((sum, [at, sign]) => {
    const index = at % (sum.length + 1)
    // never between the halves of one character
    const whole =
      /[\ud800-\udbff]/.test(sum[index - 1] ?? '') && /[\udc00-\udfff]/.test(sum[index] ?? '')
        ? index + 1
        : index
    return sum.slice(0, whole) + sign + sum.slice(whole)
  }, text)

const places = (signs: readonly string[]) =>
  fc.array(fc.tuple(fc.nat(40), fc.constantFrom(...signs)), { maxLength: 8 })
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
const written = fc.oneof(
  digits(9).map((rest) => `13${rest}`),
  digits(8).map((rest) => `021${rest}`),
  digits(9).map((rest) => `+8615${rest}`),
  digits(8).map((rest) => `+8610${rest}`),
  digits(9).map((rest) => `008618${rest}`),
  digits(7).map((rest) => `0991-${rest}转801`),
)
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '0',
      '8',
      '6',
      '1',
      '3',
      '+',
      ' ',
      '-',
      '(',
      ')',
      '/',
      'x',
      '转',
      '＋',
      '¨',
      '\u0301',
    ),
  }),
  written,
)

const compared = { phone: phoneKey, vin: vinKey, customerId: customerIdKey }
describe.each(Object.entries(compared))('the key of a %s', (_kind, keyOf) => {
  test('is its own key', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const key = keyOf(text)
        if (key !== null) expect(keyOf(key)).toBe(key)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is the same whatever invisible characters are in the text', () => {
    fc.assert(
      fc.property(anyText, places(unseen), (text, signs) => {
        expect(keyOf(spread(text, signs))).toBe(keyOf(text))
      }),
      { numRuns: 2_000 },
    )
  })
})

test('the key of one phone is the same however it is spaced and hyphened', () => {
  fc.assert(
    fc.property(written, places([' ', '-', '\u00a0', '\u3000', '‑', '–', '　']), (phone, signs) => {
      expect(phoneKey(spread(phone, signs))).toBe(phoneKey(phone))
    }),
    { numRuns: 3_000 },
  )
})

test('a VIN and a customer number are the same however they are spaced and hyphened', () => {
  fc.assert(
    fc.property(places([' ', '-', '\t', '\u3000', '—']), (signs) => {
      expect(vinKey(spread(vin, signs))).toBe(vin)
      expect(customerIdKey(spread('C10086', signs))).toBe('C10086')
    }),
  )
})
