// Runs an agent over a store until it ends or is killed. `start SCRIPT`: begins a run and prints its id; `recover`: takes
// up what an earlier process left. Prints `finished STATUS` at the end of a run.
import { localIdentity as me } from '../../src/contracts/identity.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openAgents } from '../open-agents.ts';

const [dataDir = '', what = '', model = '', script = ''] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

const store = await openStore({ dataDir, log: silentLog });
const lab = await openAgents(store, dataDir);
let id: string | undefined;
if (what === 'start') {
  const run = await lab.ask(script, { model, approvals: { append_file: 'never' }, maxSteps: 100 });
  id = run.id;
  say(`started ${id}`);
} else {
  id = (await lab.runs.orphans())[0]?.id;
  await lab.agents.recover();
}
if (id !== undefined) {
  for await (const { event } of lab.runs.watch(id, me.userId, 0))
    if (event.type === 'run-finish') say(`finished ${event.status}`);
}
await lab.close();
await store.close();
