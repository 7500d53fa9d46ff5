import type { Position } from '../../domain/eventStore.ts'

/** A command was found done, here or on another node, while it was about to be done: it is answered as a replay. */
export class CommandDone extends Error {
  /** Of its newest event that is known. */
  readonly position: Position

  constructor(position: Position) {
    super('the command was done before')
    this.name = 'CommandDone'
    this.position = position
  }
}
