/** The order of the test files: rules and views first, for they end soon, then the API, then what starts processes. */
import Sequencer from '@jest/test-sequencer'

const rooms = ['domain', 'projections', 'docs', 'api', 'src', 'keys', 'store', 'demo', 'nodes']

const roomOf = (path) => {
  const folder = path.split('/test/').at(-1).split('/')[0]
  const place = rooms.indexOf(folder)
  return place === -1 ? rooms.length : place
}

export default class extends Sequencer {
  /** Within a room as jest orders them: what failed or took long last time first. */
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => roomOf(a.path) - roomOf(b.path))
  }
}
