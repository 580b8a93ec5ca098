// Loads a folder of tools as the program does, outside the test runner, and prints what came of it.
import { silentLog } from '../../src/lib/log.ts';
import { createUserTools } from '../../src/tools/user/create-user-tools.ts';

const source = await createUserTools({ folder: process.argv[2] ?? '', log: silentLog });
const context = { signal: new AbortController().signal, toolCallId: 'call_1' } as never;
const results: unknown[] = [];
for (const { tool } of source.tools()) results.push([tool.name, await tool.execute({ n: 20 }, context)]);
process.stdout.write(JSON.stringify({ results, faults: source.faults().map(({ error }) => error.message) }));
await source.close();
