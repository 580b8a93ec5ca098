// The browser for the browser tests: the system's Chromium or Chrome, installed by the system's package manager when
// that is possible without a question.
import { existsSync } from 'node:fs';
import { run } from './run.mjs';

const places = [
  process.env.ATELIER_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const found = () => places.find((path) => path && existsSync(path));

/** @returns {Promise<string>} the path of a browser; throws with the reason when there is none */
export async function findBrowser() {
  const present = found();
  if (present) return present;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('Installing Chromium for the browser tests ...\n');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env, capture: true });
    const { output } = await run('apt-get', ['install', '-y', '-qq', 'chromium'], { env, capture: true });
    const installed = found();
    if (installed) return installed;
    throw new Error(`Chromium could not be installed: ${output.trim().split('\n').at(-1)}`);
  }
  throw new Error('there is no Chromium or Chrome here; install one, or name it in ATELIER_BROWSER');
}
