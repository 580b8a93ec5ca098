// `npm run bench -- NAME`: each bench prints a ratio against a peer that runs beside it in the same run.
import { cpus, totalmem } from 'node:os';

const benches: Record<string, () => Promise<{ bench(): Promise<void> }>> = {
  agent: () => import('./agent.ts'),
  answers: () => import('./answers.ts'),
  'answers-fit': () => import('./answers/fit.ts'),
  apps: () => import('./apps.ts'),
  classifier: () => import('./classifier.ts'),
  gateway: () => import('./gateway.ts'),
  start: () => import('./start.ts'),
  generation: () => import('./generation.ts'),
  ingest: () => import('./ingest.ts'),
  ledger: () => import('./ledger.ts'),
  page: () => import('./page.ts'),
  retrieval: () => import('./retrieval.ts'),
  training: () => import('./training.ts'),
  tuning: () => import('./tuning.ts'),
  vectors: () => import('./vectors.ts'),
};

const [name] = process.argv.slice(2);
const load = name === undefined ? undefined : benches[name];
if (load === undefined) {
  process.stderr.write(`npm run bench -- NAME takes one of ${Object.keys(benches).join(', ')}.\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(
    `${name} on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n\n`,
  );
  await (await load()).bench();
}
