/** A data subject, a customer as privacy law sees one: a random UUID that says nothing about the person. */
export type SubjectId = string

/**
 * The port of the keys personal data is sealed with, one a subject. `Key` is whatever the implementation's cipher
 * takes; the domain never looks inside. See `docs/adr/0004-personal-data.md`.
 */
export type SubjectKeys<Key = unknown> = {
  /**
   * A new subject. Its key is durable by now, so that nothing can be acknowledged that nobody could read after a
   * crash; keys are therefore made ahead, many at a time, and one that is never used does no harm.
   * @throws StoreUnavailable where none is left and none can be made just now.
   */
  create(): SubjectId | Promise<SubjectId>

  /**
   * The key of a subject, `null` where it was destroyed or never was. Asked at every sealing: must be cheap. `once`:
   * it is one of very many and will not be asked for again, so it need not be held on to.
   */
  get(subject: SubjectId, once?: boolean): Key | null

  /** Whether there is a key, or was one that was destroyed; `false`: it is missing. */
  isKnown?(subject: SubjectId): boolean

  /** Destroys the key of a subject for good, durable when it returns. Again, or for an unknown subject: no effect. */
  destroy(subject: SubjectId): void | Promise<void>

  /** Lets go of the keys. */
  close(): void | Promise<void>
}
