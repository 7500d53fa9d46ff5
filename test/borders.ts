/**
 * `npm run borders`: the rooms of the house, and who may import whom. Prints every import that crosses a border, and
 * every circle of imports, as `file:line`, and exits 1. `import type` counts like any other import: files that need each
 * other's types cannot be understood one by one. It also prints every use of the clock, chance or the process in a
 * room of pure functions.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { readCommandLine } from '../src/cli/command.ts'

/** `types`: rooms whose types alone may be imported. */
type Room = { rooms: string[]; types?: string[]; packages: string[]; builtins: string[]; pure?: true }

/** What each room may import. Whatever is not named here is not allowed; `test` may import everything. */
const rooms: Record<string, Room> = {
  domain: {
    rooms: ['domain'],
    // The one exception: the official holidays, a file of data without any code.
    packages: ['zod', 'luxon', 'chinese-days/dist/chinese-days.json'],
    builtins: [],
    pure: true,
  },
  projections: {
    rooms: ['domain', 'projections'],
    packages: ['better-sqlite3'],
    // To throw a damaged views file away, and to wait before the log is followed again.
    builtins: ['node:fs', 'node:timers/promises'],
    pure: true,
  },
  // Commands know nothing of HTTP, so that timers, imports and tools give them too.
  'api/commands': {
    rooms: ['domain', 'projections', 'api/commands'],
    packages: ['zod', 'pino'],
    builtins: ['node:crypto'],
  },
  api: {
    rooms: ['domain', 'projections', 'api/commands', 'api'],
    packages: [
      'fastify',
      'fastify-type-provider-zod',
      '@fastify/*',
      'zod',
      'luxon',
      'jose',
      'pino',
      'prom-client',
      'fflate',
    ],
    builtins: ['node:crypto', 'node:stream', 'node:util', 'node:zlib', 'node:stream/promises'],
  },
  // It runs in a browser: of the service it knows the shapes of answers, and has none of its code.
  'api/console/page': {
    rooms: ['api/console/page'],
    types: ['domain', 'api', 'api/commands'],
    packages: ['preact', '@preact/signals', 'eventsource-parser', 'oauth4webapi'],
    builtins: [],
  },
  src: { rooms: ['domain', 'projections', 'api/commands', 'api', 'src'], packages: ['*'], builtins: ['*'] },
}

type Import = { file: string; line: number; target: string; isType: boolean }

const forms = [
  /^[ \t]*(?:import|export)\s+(?:type\s+)?[\w$*{}\s,]+?from\s*['"](?<target>[^'"]+)['"]/gm,
  /^[ \t]*import\s*['"](?<target>[^'"]+)['"]/gm,
  /\bimport\(\s*['"](?<target>[^'"]+)['"]/g,
]

const importsOf = (root: string, file: string): Import[] => {
  const text = readFileSync(join(root, file), 'utf8')
  return forms.flatMap((form) =>
    [...text.matchAll(form)].map(({ 0: whole, index, groups }) => ({
      file,
      line: text.slice(0, index + whole.length).split('\n').length,
      target: groups!.target!,
      isType: /^\s*(?:import|export)\s+type\b/.test(whole),
    })),
  )
}

/** `zod` allows `zod/v4/core` too, and `@fastify/*` all of that scope. */
const allows = (allowed: string[], target: string): boolean =>
  allowed.some((each) =>
    each.endsWith('*')
      ? target.startsWith(each.slice(0, -1))
      : target === each || target.startsWith(`${each}/`),
  )

/** The file a relative import names, from the root; `null` for packages and built-in modules. */
const fileOf = ({ file, target }: Import): string | null =>
  target.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), target)) : null

/** The room a file is in: the longest that its path begins with. */
const roomOf = (file: string): string =>
  Object.keys(rooms)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0] ?? file.split('/', 1)[0]!

const crosses = (each: Import): string | null => {
  const room = rooms[roomOf(each.file)]
  if (room === undefined) return null
  const file = fileOf(each)
  const allowedRooms = [...room.rooms, ...((each.isType && room.types) || [])]
  if (file !== null)
    return allowedRooms.includes(roomOf(file)) ? null : `${roomOf(each.file)} must not import ${file}`
  const allowed = each.target.startsWith('node:') ? room.builtins : room.packages
  return allows(allowed, each.target) ? null : `${roomOf(each.file)} must not import ${each.target}`
}

/** Every import that closes a circle, found by walking from each file in turn. */
const circles = (imports: Import[]): string[] => {
  const next = Map.groupBy(
    imports.filter((each) => fileOf(each) !== null),
    ({ file }) => file,
  )
  const found: string[] = []
  const done = new Set<string>()
  const walk = (file: string, path: string[]): void => {
    for (const each of next.get(file) ?? []) {
      const target = fileOf(each)!
      const start = path.indexOf(target)
      if (start >= 0)
        found.push(`${file}:${each.line} closes a circle: ${[...path.slice(start), target].join(' → ')}`)
      else if (!done.has(target)) walk(target, [...path, target])
    }
    done.add(file)
  }
  for (const file of next.keys()) if (!done.has(file)) walk(file, [file])
  return found
}

const impure =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.\w+|\bconsole\.\w+|\bperformance\.now\b/

/** Each line of a pure room that asks the clock, chance or the process. Comments may speak of them. */
const impurities = (root: string, file: string): string[] => {
  if (rooms[roomOf(file)]?.pure !== true) return []
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const found = impure.exec(line.replace(/^\s*(?:\/?\*|\/\/).*/, ''))
      return found === null
        ? []
        : [`${file}:${index + 1} ${roomOf(file)} must be given what it takes from ${found[0]}`]
    })
}

const opener = 'projections/openDatabase.ts'

/** Statements are planned once only where the database was opened by `opener`; see there. */
const opensByItself = (root: string, file: string): string[] => {
  if (file === opener || roomOf(file) === 'test') return []
  const found = /^import (?!type\b).*'better-sqlite3'/m.exec(readFileSync(join(root, file), 'utf8'))
  return found === null ? [] : [`${file} must open databases by ${opener}`]
}

/** What is wrong under `root`, one sentence each. */
export const violationsIn = (root: string): string[] => {
  const top = new Set([...Object.keys(rooms).map((room) => room.split('/', 1)[0]!), 'test'])
  const files = [...top]
    .flatMap((room) => globSync(`${room}/**/*.{ts,tsx}`, { cwd: root }))
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
  const imports = files.flatMap((file) => importsOf(root, file))
  const crossing = imports.flatMap((each) => {
    const sentence = crosses(each)
    return sentence === null ? [] : [`${each.file}:${each.line} ${sentence}`]
  })
  return [
    ...crossing,
    ...circles(imports),
    ...files.flatMap((file) => [...impurities(root, file), ...opensByItself(root, file)]),
  ]
}

if (process.argv[1] === import.meta.filename) {
  const usage = 'Usage: npm run borders\nLists imports that go the wrong way between the folders.'
  readCommandLine({ usage })
  const root = relative(process.cwd(), dirname(import.meta.dirname)) || '.'
  const found = violationsIn(root)
  for (const each of found) process.stderr.write(`${each}\n`)
  process.exitCode = found.length > 0 ? 1 : 0
}
