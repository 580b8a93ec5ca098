// A client in a process of its own: keeps so many calls in flight and prints each call's milliseconds, as JSON.
import { Pool } from 'undici';

interface Load {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  inFlight: number;
  calls: number;
  /** What every answer must end with, so that a cut or an error does not count as fast. */
  ends: string;
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const pool = new Pool(load.origin, { connections: load.inFlight, pipelining: 1 });
const times: number[] = [];
let left = load.calls;

async function client(): Promise<void> {
  while (left-- > 0) {
    const from = performance.now();
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: load.path,
      headers: { 'content-type': 'application/json', ...load.headers },
      body: load.body,
    });
    const text = await body.text();
    if (statusCode !== 200 || !text.trimEnd().endsWith(load.ends))
      throw new Error(`${load.origin} answered ${statusCode}: ${text.slice(-300)}`);
    times.push(performance.now() - from);
  }
}

const from = performance.now();
await Promise.all(Array.from({ length: load.inFlight }, client));
const seconds = (performance.now() - from) / 1000;
await pool.close();
process.stdout.write(JSON.stringify({ seconds, times }));
