/** Says now and then how far a run of many test files is; on a terminal jest shows it itself. */

/** Files between two lines; fewer in all need none. */
const between = 25

export default class {
  done = 0

  onRunStart({ numTotalTestSuites }) {
    this.total = numTotalTestSuites
    this.started = performance.now()
  }

  onTestResult() {
    this.done += 1
    if (process.stderr.isTTY || this.done % between !== 0 || this.total < 2 * between) return
    const seconds = Math.round((performance.now() - this.started) / 1_000)
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`
    process.stderr.write(`${this.done} of ${this.total} test files done, ${time}\n`)
  }
}
