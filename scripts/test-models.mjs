// The real models of the tests, fetched by the program's own catalogue and kept in .cache/models.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cache, dist, node24 } from './paths.mjs';
import { run } from './run.mjs';

const wanted = ['smollm2-135m-instruct', 'qwen2.5-coder-1.5b-instruct', 'multilingual-e5-small'];

/** @returns {Promise<string>} a data folder that holds the models; throws with the reason when one cannot be had */
export async function ensureTestModels() {
  const folder = join(cache, 'models');
  for (const id of wanted) {
    if (existsSync(join(folder, 'models', `${id}.gguf`))) continue;
    process.stdout.write(`Fetching ${id} for the tests ...\n`);
    const { code, output } = await run(
      node24,
      [join(dist, 'interface', 'cli', 'main.js'), 'models', 'pull', id, '--data', folder],
      { capture: true },
    );
    if (code !== 0) throw new Error(`${id} cannot be fetched: ${output.trim().split('\n').at(-1)}`);
  }
  return folder;
}
