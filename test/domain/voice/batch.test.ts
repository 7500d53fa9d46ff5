/** A call whose items take more than one append: kept whole before the first item is entered (rulebook §16). */
import { describe, expect, test } from '@jest/globals'
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import {
  batchOfStream,
  isVoiceBatchStream,
  type VoiceBatch,
  type VoiceBatchEvent,
  voiceBatchAggregate,
  voiceBatchEventData,
} from '../../../domain/voice/batch.ts'
import { dealerOfVoiceStream } from '../../../domain/voice/events.ts'

const { decide, evolve, authorise, stream } = voiceBatchAggregate
const [keyId, subjectId] = ['key', 'subject']
const text = (part: string): SealedText => `v1.${keyId}.${part}` as SealedText
const by = { recordedAt: '2026-03-02T02:00:00.000Z', actor: { id: 'hq', role: 'hq_sales' as const } }
const batchAfter = (...events: VoiceBatchEvent[]): VoiceBatch | null =>
  events.reduce<VoiceBatch | null>((state, event) => evolve(state, event, by), null)
const keep = (part: string, last: boolean) =>
  ({ type: 'KeepPart', keyId, text: text(part), subjectId: last ? subjectId : null }) as const
const kept = (part: string): VoiceBatchEvent => ({
  type: 'VoiceBatchKept',
  data: { keyId, text: text(part) },
})
const accepted: VoiceBatchEvent = { type: 'VoiceBatchAccepted', data: { subjectId } }
const ended: VoiceBatchEvent = { type: 'VoiceBatchEnded', data: {} }

describe('a call of many items', () => {
  test('is accepted with its last part', () => {
    expect(decide(null, keep('a', false), undefined)).toEqual([kept('a')])
    expect(decide(batchAfter(kept('a')), keep('b', true), undefined)).toEqual([kept('b'), accepted])
    expect(batchAfter(kept('a'), kept('b'), accepted)).toEqual({
      keyId,
      texts: [text('a'), text('b')],
      isAccepted: true,
      isEnded: false,
    })
  })

  test('takes no part once it was accepted or is at its end', () => {
    expect(decide(batchAfter(kept('a'), accepted), keep('b', true), undefined)).toEqual([])
    expect(decide(batchAfter(kept('a'), ended), keep('b', true), undefined)).toEqual([])
  })

  test('ends once, accepted or not', () => {
    expect(decide(null, { type: 'EndBatch' }, undefined)).toEqual([])
    expect(decide(batchAfter(kept('a')), { type: 'EndBatch' }, undefined)).toEqual([ended])
    expect(decide(batchAfter(kept('a'), accepted, ended), { type: 'EndBatch' }, undefined)).toEqual([])
  })

  test('is for those who keep the desk', () => {
    expect(authorise(null, keep('a', true), { id: 'hq', roles: ['hq_sales'] })).toBe('hq_sales')
    expect(() => authorise(null, keep('a', true), { id: 'd', roles: ['dealer'] })).toThrow(Refusal)
  })

  test('has streams of its own, which are no dealer’s', () => {
    expect([isVoiceBatchStream(stream('id')), batchOfStream(stream('id'))]).toEqual([true, 'id'])
    expect([isVoiceBatchStream('voice-D001'), dealerOfVoiceStream(stream('id'))]).toEqual([false, null])
  })

  test('is stored in this form', () => {
    const json = '{"keyId":"k","text":"v1.k.AA"}'
    expect(voiceBatchEventData.VoiceBatchKept.parse(JSON.parse(json))).toEqual(JSON.parse(json))
    expect(voiceBatchEventData.VoiceBatchAccepted.parse({ subjectId: 's' })).toEqual({ subjectId: 's' })
    expect(voiceBatchEventData.VoiceBatchEnded.parse({})).toEqual({})
  })
})
