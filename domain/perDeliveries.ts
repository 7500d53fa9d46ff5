/** Complaints against cars handed over: by dealer or RBO, and all together (rulebook §1, §9, §11). */
import { type GroupCounter, type ReportRows, rowsByKey, shareOf } from './complaintReports.ts'

/** A dealer in a quarter; `deliveries`: cars handed over, `null` where nobody entered them. */
export type DealerDeliveries = { dealer: string; rbo: string; deliveries: number | null }

export type PerDeliveries = {
  complaints: number
  /** `null`: of no dealer entered. */
  deliveries: number | null
  /** Only of dealers whose deliveries are entered; two decimals, half up; `null` where there are none. */
  complaintsPer100: number | null
}

/** What is added: a complaint about a dealer, or the dealer itself with its deliveries. */
type Item = { dealer: string | null; rbo: string | null; deliveries: number | null; complaints: number }

const newCounter = (): GroupCounter<Item, PerDeliveries> => {
  let [complaints, compared] = [0, 0]
  let deliveries: number | null = null
  return {
    add: (item) => {
      complaints += item.complaints
      if (item.deliveries === null) return
      compared += item.complaints
      deliveries = (deliveries ?? 0) + item.deliveries
    },
    counts: () => ({
      complaints,
      deliveries,
      complaintsPer100: deliveries === null || deliveries === 0 ? null : shareOf(compared, deliveries),
    }),
  }
}

/**
 * Counts complaints by the dealers given, or by their RBOs. Where dealers or RBOs were asked for, only these count;
 * else complaints about no dealer, or another, have the row `null` by RBO and their own by dealer.
 */
export const perDeliveries = (
  by: 'dealer' | 'rbo',
  dealers: readonly DealerDeliveries[],
  asked: { dealer?: readonly string[]; rbo?: readonly string[] },
): { add(dealer: string | null): void; done(): ReportRows<PerDeliveries> } => {
  const complaints = new Map<string | null, number>()
  const known = new Map(dealers.map((each) => [each.dealer, each]))
  const isAsked = ({ dealer, rbo }: Item): boolean =>
    (asked.dealer === undefined || (dealer !== null && asked.dealer.includes(dealer))) &&
    (asked.rbo === undefined || (rbo !== null && asked.rbo.includes(rbo)))
  return {
    add: (dealer) => {
      complaints.set(dealer, (complaints.get(dealer) ?? 0) + 1)
    },
    done: () => {
      const rows = rowsByKey<Item, PerDeliveries>((item) => item[by], newCounter)
      for (const dealer of new Set([...known.keys(), ...complaints.keys()])) {
        const { rbo = null, deliveries = null } = (dealer === null ? undefined : known.get(dealer)) ?? {}
        const item = { dealer, rbo, deliveries, complaints: complaints.get(dealer) ?? 0 }
        if (isAsked(item) && (item.complaints > 0 || deliveries !== null)) rows.add(item)
      }
      return rows.done()
    },
  }
}
