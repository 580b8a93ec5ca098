// `npm run shots -- --url http://localhost:4242`: a picture of every door, wide and narrow, light and dark, in both
// languages, into shots/. The running program's settings are not touched.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { root } from './paths.mjs';
import { fail } from './run.mjs';

const widths = [
  [1440, 900],
  [390, 844],
];
const themes = ['light', 'dark'];
const languages = ['en', 'fr'];

const at = process.argv.indexOf('--url');
const base = (at > 0 ? process.argv[at + 1] : process.env.ATELIER_URL) ?? 'http://localhost:4242';

async function read(path) {
  const response = await fetch(new URL(path, base), { headers: { 'x-atelier-client': 'web' } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

/** Every door, and one page behind those that lead further. */
async function addresses() {
  const [{ conversations }, { traces }, { collections }, learning] = await Promise.all([
    read('/atelier/v1/conversations?limit=1'),
    read('/atelier/v1/traces?limit=1'),
    read('/atelier/v1/collections'),
    Promise.all([
      read('/atelier/v1/datasets'),
      read('/atelier/v1/classifiers'),
      read('/atelier/v1/training'),
      read('/atelier/v1/evaluations'),
    ]),
  ]);
  const [[dataset], [classifier], [run], [evaluation]] = learning.map((list) => Object.values(list)[0]);
  const collection = collections.find(({ documents }) => documents.ready > 0);
  const { documents } = collection
    ? await read(`/atelier/v1/collections/${collection.id}/documents?status=ready&limit=1`)
    : { documents: [] };
  return Object.entries({
    home: '/',
    chat: '/chat',
    ...(conversations[0] ? { conversation: `/chat/${conversations[0].id}` } : {}),
    knowledge: '/knowledge',
    ...(collection
      ? {
          collection: `/knowledge/${collection.id}`,
          search: `/knowledge/${collection.id}?tab=search&q=${encodeURIComponent(collection.name)}`,
        }
      : {}),
    ...(documents[0] ? { document: `/knowledge/${collection.id}/${documents[0].id}?at=0-200` } : {}),
    apps: '/apps',
    app: '/apps/sentiment',
    agents: '/agents',
    tools: '/agents?tab=tools',
    agent: '/agents/assistant',
    models: '/models',
    playground: '/playground',
    improve: '/improve',
    prompts: '/improve/prompts',
    datasets: '/improve/datasets',
    ...(dataset
      ? {
          dataset: `/improve/datasets/${dataset.id}`,
          versions: `/improve/datasets/${dataset.id}?view=versions`,
        }
      : {}),
    classifiers: '/improve/classifiers',
    ...(classifier ? { classifier: `/improve/classifiers/${classifier.name}` } : {}),
    training: '/improve/training',
    'training-new': '/improve/training/new',
    ...(run ? { run: `/improve/training/${run.id}` } : {}),
    evaluations: '/improve/evaluations',
    'evaluation-new': '/improve/evaluations/new',
    ...(evaluation ? { evaluation: `/improve/evaluations/${evaluation.id}` } : {}),
    monitor: '/monitor',
    ...(traces[0] ? { trace: `/monitor/${traces[0].traceId}` } : {}),
    usage: '/monitor?tab=usage',
    settings: '/settings',
    keys: '/settings?tab=keys',
    people: '/settings?tab=people',
    budgets: '/settings?tab=budgets',
  });
}

const pages = await addresses().catch((error) =>
  fail(
    `No Atelier answers at ${base} (${error.message}). Start it with npm start, or name its address with --url.`,
  ),
);
const { chromium } = await import('playwright-core');
const browser = await chromium.launch({
  executablePath: await findBrowser(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const folder = join(root, 'shots');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
let count = 0;
try {
  for (const [width, height] of widths)
    for (const theme of themes)
      for (const language of languages) {
        const context = await browser.newContext({
          viewport: { width, height },
          colorScheme: theme,
          locale: language === 'fr' ? 'fr-FR' : 'en-GB',
          reducedMotion: 'reduce',
        });
        // The page sees the settings of this picture; the program keeps its own.
        await context.route('**/atelier/v1/settings', async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, json: { ...(await response.json()), theme, language } });
        });
        const page = await context.newPage();
        for (const [name, path] of pages) {
          await page.goto(new URL(path, base).href);
          await page.locator('main h1, main textarea').first().waitFor();
          await page.waitForFunction(() => !document.querySelector('main [role="status"] .animate-wait'));
          await page.evaluate(() => document.fonts.ready);
          await page.waitForTimeout(400);
          await page.screenshot({ path: join(folder, `${name}-${width}-${theme}-${language}.png`) });
          count++;
        }
        await context.close();
      }
} finally {
  await browser.close();
}
process.stdout.write(`${count} pictures in ${folder}\n`);
