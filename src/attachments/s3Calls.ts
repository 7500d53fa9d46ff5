/** Calls of an S3 server: signed, and tried again where the server may answer the next time. */
import type { Readable } from 'node:stream'
import { AwsV4Signer } from 'aws4fetch'
import { Agent, request } from 'undici'
import { FilesUnavailable } from './fileStore.ts'

/** `url`: the bucket's address, and behind it a prefix of the keys where there is one. */
export type S3Settings = { url: URL; accessKeyId: string; secretAccessKey: string; region: string }

type Call = {
  method: 'GET' | 'PUT' | 'DELETE'
  path: string
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Made for each try. */
  body?: () => Readable
}
type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Readable }

/** Tries of a call whose connection failed or that the server asked to repeat; every call may be repeated. */
const attempts = 3
const pauseMs = 200
const timeoutMs = 30_000
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Lets go of an answer nobody reads. */
export const drain = (body: Readable): void => {
  body.on('error', () => {})
  body.resume()
}

export const createS3Calls = ({ url, ...secrets }: S3Settings) => {
  const agent = new Agent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: 5_000 } })

  const once = async ({ method, path, query = {}, headers = {}, body }: Call): Promise<Answer> => {
    const address = new URL(path, url)
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    const signed = await new AwsV4Signer({
      ...secrets,
      service: 's3',
      method,
      url: address.href,
      headers: { 'x-amz-content-sha256': emptySha256, ...headers },
    }).sign()
    const { statusCode, ...answer } = await request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers),
      body: body?.() ?? null,
      dispatcher: agent,
    })
    return { status: statusCode, ...answer }
  }

  /** @throws FilesUnavailable for every status that is not among `expected` */
  const call = async (asked: Call, expected: readonly number[]): Promise<Answer> => {
    let fault = ''
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (attempt > 1) await wait(pauseMs * attempt)
      try {
        const answer = await once(asked)
        if (expected.includes(answer.status)) return answer
        drain(answer.body)
        fault = `it answered ${answer.status}`
        if (answer.status < 500 && answer.status !== 429) break
      } catch (error) {
        fault = String((error as { code?: unknown }).code ?? (error as Error).name)
      }
    }
    throw new FilesUnavailable(`the S3 server of attachments: ${asked.method}: ${fault}`)
  }

  return { call, close: (): Promise<void> => agent.close() }
}
