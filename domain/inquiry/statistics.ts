/** Inquiries counted for the monthly report (rulebook §12). */
import { byKeys, type Times, timesOf } from '../statistics.ts'

/** What inquiries are counted by. */
export const inquiryDimensions = ['topic', 'channel', 'rbo', 'dealer'] as const
export type InquiryDimension = (typeof inquiryDimensions)[number]

/** An inquiry as it is counted; times are service time in ms, `null`: not done. */
export type CountedInquiry = Record<InquiryDimension, string | null> & {
  answeredAtOnce: boolean
  becameComplaint: boolean
  /** From the forwarding to the SE's answer, and from an answer to passing it on. */
  answerMs: number | null
  relayMs: number | null
}

export type InquiryFigures = {
  inquiries: number
  answeredAtOnce: number
  becameComplaints: number
  timeToAnswer: Times
  timeToRelay: Times
}

export type InquiryStatistics = {
  totals: InquiryFigures
  /** By dimension, in the order of their keys; what has none comes last. */
  rows: Record<InquiryDimension, { key: string | null; figures: InquiryFigures }[]>
}

/** The figures of some inquiries. */
export const inquiryFigures = (inquiries: readonly CountedInquiry[]): InquiryFigures => {
  const times = (of: 'answerMs' | 'relayMs'): Times =>
    timesOf(inquiries.map((each) => each[of]).filter((ms) => ms !== null))
  return {
    inquiries: inquiries.length,
    answeredAtOnce: inquiries.filter(({ answeredAtOnce }) => answeredAtOnce).length,
    becameComplaints: inquiries.filter(({ becameComplaint }) => becameComplaint).length,
    timeToAnswer: times('answerMs'),
    timeToRelay: times('relayMs'),
  }
}

const rowsBy = (inquiries: readonly CountedInquiry[], dimension: InquiryDimension) =>
  [...Map.groupBy(inquiries, (each) => each[dimension])]
    .map(([key, group]) => ({ key, figures: inquiryFigures(group) }))
    .sort((a, b) => byKeys({ keys: [a.key] }, { keys: [b.key] }))

/** Counts the inquiries of a period, all together and by each dimension. */
export const inquiryStatistics = (inquiries: readonly CountedInquiry[]): InquiryStatistics => ({
  totals: inquiryFigures(inquiries),
  rows: {
    topic: rowsBy(inquiries, 'topic'),
    channel: rowsBy(inquiries, 'channel'),
    rbo: rowsBy(inquiries, 'rbo'),
    dealer: rowsBy(inquiries, 'dealer'),
  },
})
