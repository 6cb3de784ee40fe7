// Real servers for the tests: each on a free port of the loopback, with a folder of its own, then gone.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'
import { createClient } from 'redis'

const START_LIMIT_MS = 30_000
/** Where Debian's packages put what is not on the path, one folder for each version. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql'

/** Says why a server cannot be run here, for its tests to be skipped by name; undefined where it can. */
export function missing(...programs) {
  const absent = programs.filter((program) => found(program) === undefined)
  if (absent.length === 0) return undefined
  const reason = `${absent.join(' and ')} is not installed`
  if (process.env.HOOKPROOF_REQUIRE_SERVICES === '1') {
    throw new Error(`HOOKPROOF_REQUIRE_SERVICES=1, and ${reason}`)
  }
  return reason
}

/** A program that runs in a folder of its own. */
class Server {
  #process

  constructor(name) {
    this.folder = mkdtempSync(join(tmpdir(), `hookproof-${name}-`))
  }

  async start() {
    this.port ??= await freePort()
    const [program, args, user] = this.command()
    this.#process = spawn(program, args, { cwd: this.folder, stdio: 'ignore', ...user })
    await this.#untilItAnswers()
  }

  /** Kills the server: it gets no time for anything. */
  async kill() {
    const running = this.#process
    this.#process = undefined
    if (running?.exitCode !== null) return
    running.kill(this.killedBy)
    await once(running, 'exit')
  }

  async end() {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  /** Stops the server without ending it, until the function has ended: it takes connections and never answers. */
  async frozen(work) {
    const processes = [this.#process.pid, ...(await this.helpers())]
    for (const pid of processes) process.kill(pid, 'SIGSTOP')
    try {
      return await work()
    } finally {
      for (const pid of processes) process.kill(pid, 'SIGCONT')
    }
  }

  async #untilItAnswers() {
    const giveUp = Date.now() + START_LIMIT_MS
    for (;;) {
      try {
        return await this.ask()
      } catch (error) {
        if (this.#process.exitCode !== null || Date.now() > giveUp) throw error
        await sleep(20)
      }
    }
  }
}

/** A Redis that keeps on disk what it is told. */
export class RedisServer extends Server {
  killedBy = 'SIGKILL'

  constructor() {
    super('redis')
  }

  get url() {
    return `redis://127.0.0.1:${this.port}/0`
  }

  command() {
    const options = { port: this.port, bind: '127.0.0.1', dir: this.folder, appendonly: 'yes', save: '' }
    return [
      found('redis-server'),
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
    ]
  }

  async ask() {
    const client = createClient({ url: this.url, socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await client.connect()
    try {
      await client.ping()
    } finally {
      client.destroy()
    }
  }

  helpers() {
    return []
  }
}

/** A PostgreSQL whose only user is `hookproof`, who needs no password. */
export class PostgresServer extends Server {
  // What it takes for a crash: after SIGKILL its children would hold on to the port.
  killedBy = 'SIGQUIT'

  constructor() {
    super('postgres')
    // It refuses to run as root, and CI is root.
    this.user = process.getuid() === 0 ? userOf('postgres', 'nobody') : {}
    if (this.user.uid !== undefined) chownSync(this.folder, this.user.uid, this.user.gid)
    const words = ['--username=hookproof', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
    const options = { cwd: this.folder, stdio: 'ignore', ...this.user }
    execFileSync(found('initdb'), [...words, `--pgdata=${this.data}`], options)
  }

  get data() {
    return join(this.folder, 'data')
  }

  get url() {
    return `postgresql://hookproof@127.0.0.1:${this.port}/postgres`
  }

  command() {
    const options = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      fsync: 'off',
      unix_socket_directories: '',
    }
    const words = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    return [found('postgres'), ['-D', this.data, ...words], this.user]
  }

  async ask() {
    return this.#query('SELECT 1')
  }

  /** Lists the processes that serve one connection each. */
  async helpers() {
    const rows = await this.#query(
      `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    )
    return rows.map(({ pid }) => pid)
  }

  async #query(text) {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 2000 })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }
}

function found(program) {
  const versions = existsSync(POSTGRES_VERSIONS) ? readdirSync(POSTGRES_VERSIONS).sort().reverse() : []
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(POSTGRES_VERSIONS, version, 'bin')),
  ]
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file))
}

function userOf(...names) {
  for (const name of names) {
    try {
      const number = (flag) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: number('-u'), gid: number('-g') }
    } catch {
      // There is no such user.
    }
  }
  throw new Error(`PostgreSQL does not run as root, and there is none of the users ${names.join(', ')}`)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
