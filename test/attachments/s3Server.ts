/** An S3 server for tests: `s3rver` from npm, or the one that `S3_URL` names: `http://key:secret@host:port/bucket`. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type S3rver = { run(): Promise<AddressInfo>; close(): Promise<void>; httpServer: Server }
type ObjectStore = {
  getResourcePath(bucket: string, key: string, resource: string): string
  deleteObject(bucket: string, key: string): Promise<void>
}
const require = createRequire(import.meta.url)
const S3rver = require('s3rver') as new (options: object) => S3rver
const { prototype: objects } = require('s3rver/lib/stores/filesystem') as { prototype: ObjectStore }
// its own removes the folder of the last object too, also where one is just being written into it
objects.deleteObject = async function (bucket, key) {
  for (const resource of ['object', 'object.md5', 'metadata.json'])
    await rm(this.getResourcePath(bucket, key, resource), { force: true })
}

export type S3Server = {
  /** Of the environment. */
  variables: Record<string, string>
  close(): Promise<void>
}

const variablesOf = (address: string, key: string, secret: string): Record<string, string> => ({
  ATTACHMENTS: address,
  S3_ACCESS_KEY_ID: key,
  S3_SECRET_ACCESS_KEY: secret,
})

/** Each has a prefix of its own in the bucket. */
export const startS3 = async (): Promise<S3Server> => {
  const prefix = `test-${randomUUID()}`
  const real = process.env.S3_URL
  if (real !== undefined && real !== '') {
    const { origin, pathname, username, password } = new URL(real)
    const address = `${origin}${pathname.replace(/\/$/, '')}/${prefix}`
    return {
      variables: variablesOf(address, decodeURIComponent(username), decodeURIComponent(password)),
      close: async () => {},
    }
  }
  const directory = mkdtempSync(join(tmpdir(), 's3-'))
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: [{ name: 'bucket', configs: [] }],
  })
  const { port } = await server.run()
  return {
    variables: variablesOf(`http://127.0.0.1:${port}/bucket/${prefix}`, 'S3RVER', 'S3RVER'),
    close: async () => {
      const closed = server.close()
      server.httpServer.closeAllConnections()
      await closed
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
