import type { FastifyInstance } from 'fastify'
import type { InFlight } from '../commands/inFlight.ts'

/** Counts a command from its first line to the end of its answer, or of its connection. */
export const countCommands = (app: FastifyInstance, { begin, end }: InFlight): void => {
  app.addHook('onRequest', ({ method }, reply, done) => {
    if (method !== 'GET' && method !== 'HEAD') {
      begin()
      let isOver = false
      const over = (): void => {
        if (!isOver) end()
        isOver = true
      }
      reply.raw.once('finish', over).once('close', over)
    }
    done()
  })
}
