/** Types are told by content (rulebook §14), and no content makes telling them expensive. */
import { describe, expect, test } from '@jest/globals'
import type { AttachmentType } from '../../domain/attachments/attachments.ts'
import { createTypeCheck } from '../../src/attachments/mediaType.ts'
import { bombs, email, officeOf, samples, zipOf } from './samples.ts'

/** As a file that comes in pieces of so many bytes. */
const typeOf = (content: Buffer, piece = 64 * 1024) => {
  const check = createTypeCheck()
  for (let at = 0; at < content.length; at += piece) check.add(content.subarray(at, at + piece))
  return check.end(async (offset, length) => content.subarray(offset, offset + length), content.length)
}

describe('a file that is taken', () => {
  test.each(Object.entries(samples) as [AttachmentType, Buffer][])('%s', async (type, content) => {
    expect(await typeOf(content)).toBe(type)
    expect(await typeOf(content, 7)).toBe(type)
  })

  test.each<[string, Buffer, AttachmentType]>([
    ['GB18030 text', Buffer.from([0xbf, 0xcd, 0xbb, 0xa7, 0x0d, 0x0a]), 'text/plain'],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff客户'), 'text/plain'],
    ['text that begins like a picture', Buffer.from('BM 系列车主反映'), 'text/plain'],
    ['text with a colon in its first line', Buffer.from('Note: call back\n\nplease'), 'text/plain'],
    ['an e-mail in a mailbox file', Buffer.from(`From a@example.com Mon\n${email}`), 'message/rfc822'],
    ['a line without an end', Buffer.alloc(20 * 1024 * 1024, 'a'), 'text/plain'],
    ['a PDF of plain ASCII', Buffer.from('%PDF-1.4\n1 0 obj\n'), 'application/pdf'],
    [
      'a recording with a long tag',
      Buffer.concat([Buffer.from('ID3\x03\0\0\x0f\x7f\x7f\x7f', 'latin1'), Buffer.alloc(100_000)]),
      'audio/mpeg',
    ],
  ])('%s', async (_, content, type) => {
    expect(await typeOf(content, content.length)).toBe(type)
    expect(await typeOf(content, content.length > 1024 * 1024 ? 64 * 1024 : 1)).toBe(type)
  })
})

describe('a file that is not taken', () => {
  test.each<[string, Buffer]>([
    ['a program', Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1')],
    ['an ELF program', Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1')],
    ['a web page', Buffer.from('<!DOCTYPE html><script>1</script>')],
    ['a web page with space before it', Buffer.from('\n  <HTML><body>')],
    ['an SVG picture', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a bare SVG picture', Buffer.from('<svg onload="1"/>')],
    ['a script', Buffer.from('#!/bin/sh\nrm -rf /\n')],
    ['RTF', Buffer.from('{\\rtf1 hello}')],
    ['text with NUL', Buffer.from('hello\0world')],
    ['text with an escape', Buffer.from('hello\x1b[2J')],
    ['UTF-16 text', Buffer.from('\ufeffletter', 'utf16le')],
    ['half a character at the end', Buffer.from([0x61, 0xe5])],
    ['bytes', Buffer.from([0xff, 0xfe, 0x01, 0x80, 0x99])],
    ['a GIF picture', Buffer.from('GIF89a\x01\0\x01\0', 'latin1')],
    ['a gzip file', Buffer.from('1f8b0800000000000003', 'hex')],
    ['an archive', zipOf([{ name: 'a.txt', packed: Buffer.from('a'), unpacked: 1, method: 0 }])],
    ['a document with macros', officeOf('docm')],
    ['half a document', officeOf('docx').subarray(0, 120)],
    ['a document with a broken part', Buffer.from(officeOf('docx', 'x'.repeat(2_000))).fill(0xff, 60, 90)],
  ])('%s', async (_, content) => {
    expect(await typeOf(content)).toBe('other')
  })
})

describe('a document that is a bomb', () => {
  const made = bombs()
  test.each(Object.keys(made))('%s', async (name) => {
    const before = process.memoryUsage().rss
    expect(await typeOf(made[name] as Buffer)).toBe('expands too far')
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })
})
