// Holds the lock of a data folder until it is killed: node hold-lock.ts FOLDER
import { AtelierError } from '../../src/contracts/errors.ts';
import { acquireLock } from '../../src/store/lock.ts';

try {
  const lock = await acquireLock(process.argv[2] ?? '');
  await lock.writeAddress(
    {
      pid: process.pid,
      port: 4242,
      url: 'http://localhost:4242',
      localUrl: 'http://localhost:4242',
      version: 'test',
      startedAt: 1,
    },
    'token',
  );
  process.stdout.write('held\n');
  setInterval(() => {}, 1_000);
} catch (error) {
  if (!(error instanceof AtelierError)) throw error;
  process.stdout.write(`${error.code} ${JSON.stringify(error.data)}\n`);
}
