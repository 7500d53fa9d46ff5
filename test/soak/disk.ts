/** The disk under the data folder: a small file system of its own where one may be mounted, that can be full or read-only. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const size = '1g'
const mostTries = 50

const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { stdio: 'ignore' })
}

const mounted = (dir: string): boolean => {
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${size},mode=700`, 'soak', dir)
    return true
  } catch {
    return false
  }
}

/** For whom permissions do not count, taking them away shows nothing. */
const isRoot = (): boolean => process.getuid?.() === 0

export type Disk = {
  dir: string
  /** Takes away all the room there is left, and gives it back; `null` where no file system may be mounted. */
  room: { take(): void; give(): void } | null
  /** While nobody has a file open in it; `null` where this user may write to whatever it likes. */
  writing: { forbid(): void; allow(): void } | null
  remove(): void
}

/** A folder to keep data in until `remove`. */
export const openDisk = (): Disk => {
  const dir = mkdtempSync(join(tmpdir(), 'soak-'))
  const remount = (options: string): void => run('mount', '-o', `remount,${options}`, dir)
  const chmod = (folder: number, files: number): void => {
    for (const name of readdirSync(dir)) chmodSync(join(dir, name), files)
    chmodSync(dir, folder)
  }
  if (!mounted(dir))
    return {
      dir,
      room: null,
      writing: isRoot()
        ? null
        : {
            forbid: () => chmod(0o500, 0o400),
            allow: () => {
              chmodSync(dir, 0o700)
              chmod(0o700, 0o600)
            },
          },
      remove: () => rmSync(dir, { recursive: true, force: true }),
    }
  return {
    dir,
    room: {
      take: () => {
        for (let tries = 1; ; tries++) {
          const { blocks, bfree, bsize } = statfsSync(dir)
          try {
            remount(`size=${(blocks - bfree) * bsize}`)
            return
          } catch (error) {
            // it is refused where the service has written more in between
            if (tries === mostTries) throw error
          }
        }
      },
      give: () => remount(`size=${size}`),
    },
    writing: { forbid: () => remount('ro'), allow: () => remount('rw') },
    remove: () => {
      run('umount', dir)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
