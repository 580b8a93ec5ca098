// Appends numbered lines to a file of a run, each under its own call, from the first on: what is there already stays.
import { createWorkspaces } from '../../src/tools/workspace/create-workspaces.ts';

const [root = '', count = '0'] = process.argv.slice(2);
const workspace = await createWorkspaces({ root }).open('run_1');
for (let line = 0; line < Number(count); line++)
  await workspace.append('log', `line ${line} ${'x'.repeat(2000)}\n`, `call_${line}`);
