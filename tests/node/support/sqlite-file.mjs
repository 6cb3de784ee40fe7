// A file of SQLite in the place of a server: it is down while another process keeps it locked.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// In Python, whose standard library has SQLite: Node's has it from version 22 on.
const HOLDER = fileURLToPath(new URL('../../support/sqlite_file.py', import.meta.url))

export class SqliteFile {
  #holder
  #folder = mkdtempSync(join(tmpdir(), 'hookproof-sqlite-'))

  get url() {
    return join(this.#folder, 'deliveries.sqlite')
  }

  /** Lets the file be written again. */
  async start() {
    const holder = this.#holder
    this.#holder = undefined
    if (!holder) return
    holder.stdin.end()
    await once(holder, 'exit')
  }

  /** Locks the file. */
  async kill() {
    this.#holder = spawn('python3', [HOLDER, this.url], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(this.#holder.stdout, 'data')
  }

  /** Locks the file until the function has ended. */
  async frozen(work) {
    await this.kill()
    try {
      return await work()
    } finally {
      await this.start()
    }
  }

  async end() {
    await this.start()
    rmSync(this.#folder, { recursive: true })
  }
}
