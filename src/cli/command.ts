/**
 * What every command line does alike. `--help` prints the usage and does nothing else; an unknown flag or a superfluous
 * word is refused. Exit code 0: done, and nothing is wrong. 1: done, and what is wrong is listed. 2: it could not be
 * done, and why.
 */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { StoreUnavailable } from '../../domain/eventStore.ts'

/** The words of a command line. `positionals` are how many there must be; none where it is left out. */
export type CommandLine<O extends ParseArgsOptionsConfig> = {
  usage: string
  options?: O
  positionals?: number
}

/** The command was called with something it does not take. Its message ends with the usage. */
export class WrongCall extends Error {
  constructor(why: string, usage: string) {
    super(why === '' ? usage : `${why}\n\n${usage}`)
    this.name = 'WrongCall'
  }
}

const isHelp = (args: readonly string[]): boolean => args.includes('--help') || args.includes('-h')

/** @throws WrongCall */
const parse = <const O extends ParseArgsOptionsConfig>(
  { usage, options, positionals = 0 }: CommandLine<O>,
  args: string[],
) => {
  try {
    const config = {
      args,
      options: options ?? ({} as O),
      allowPositionals: positionals > 0,
      strict: true,
    } as const
    const parsed = parseArgs(config)
    if (parsed.positionals.length === positionals) return parsed
  } catch (error) {
    throw new WrongCall((error as Error).message, usage)
  }
  throw new WrongCall('', usage)
}

/** What an error says to the person at the keyboard, without a stack. */
export const sentenceOf = (error: unknown): string => {
  const said = error instanceof StoreUnavailable && error.cause instanceof Error ? error.cause : error
  return said instanceof Error ? said.message || said.name : String(said)
}

/**
 * The words of this process's command line, for a program that is not one function. Ends the process after `--help` and
 * where the call is wrong.
 */
export const readCommandLine = <const O extends ParseArgsOptionsConfig>(line: CommandLine<O>) => {
  const args = process.argv.slice(2)
  if (isHelp(args)) {
    console.log(line.usage)
    process.exit(0)
  }
  try {
    return parse(line, args)
  } catch (error) {
    console.error(sentenceOf(error))
    process.exit(2)
  }
}

/** Runs a command. `work` answers how many things were wrong; what it throws ends it with 2. */
export const runCommand = async <const O extends ParseArgsOptionsConfig>(
  line: CommandLine<O>,
  work: (asked: ReturnType<typeof parse<O>>) => Promise<number>,
): Promise<void> => {
  const asked = readCommandLine(line)
  try {
    process.exitCode = (await work(asked)) === 0 ? 0 : 1
  } catch (error) {
    console.error(sentenceOf(error))
    process.exitCode = 2
  }
}
