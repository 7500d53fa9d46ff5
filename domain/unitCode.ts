import { z } from 'zod'

export const unitCodeForm = /^[A-Za-z0-9_-]{1,20}$/

/** The code of a dealer, an RBO or a calendar: it stands in stream names and paths as it is. */
export const unitCodeSchema = z.string().regex(unitCodeForm)
