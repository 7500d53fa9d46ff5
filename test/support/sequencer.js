/**
 * The order of the test files: rules and views first, for they end soon, then the API, then what starts processes. Of
 * those the longest come first: one that started last would leave the other workers idle.
 */
import Sequencer from '@jest/test-sequencer'

const rooms = ['domain', 'projections', 'docs', 'api', 'src', 'keys', 'store', 'demo', 'nodes']

/** Those that take longest, the longest first. A fresh clone knows no times yet, and how long a file is says little. */
const longest = [
  ...['console/seDesk', 'console/accessibility', 'console/papers', 'console/voice', 'endToEnd/callers'],
  ...['endToEnd/stopping', 'endToEnd/killed', 'endToEnd/views', 'races/desks', 'console/desks'],
  ...['endToEnd/docsRendered', 'endToEnd/crash', 'races/races', 'fuzz/fuzz', 'console/ticket', 'races/nodes'],
  ...['endToEnd/eraseDrill', 'endToEnd/walks', 'migrate/migrate', 'endToEnd/formsRendered'],
]

/** `domain/ticket/sla`. */
const nameOf = ({ path }) => path.split('/test/').at(-1).replace('.test.ts', '')

/** The less, the earlier. */
const placeOf = (test) => {
  const name = nameOf(test)
  const place = rooms.indexOf(name.split('/')[0])
  if (place !== -1) return place
  const rank = longest.indexOf(name)
  return rooms.length + (rank === -1 ? longest.length : rank)
}

export default class extends Sequencer {
  /** Within a room as jest orders them: what failed or took long last time first. */
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => placeOf(a) - placeOf(b))
  }
}
