/** A row of the log as it is stored. */
export type LogRow = {
  position: number
  id: Buffer
  stream: string
  version: number
  type: string
  data: string
  metadata: string
}
