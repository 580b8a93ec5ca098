// Passwords: the hash says how it was made, and nobody's password takes as long as somebody's.
import { expect, test } from 'vitest';
import { createPasswords } from './password.ts';

test('a hash carries its cost and a salt of its own, and opens by its password alone', async () => {
  const passwords = createPasswords({ N: 16, r: 1, p: 1 });
  const stored = await passwords.hash('une phrase assez longue');
  expect(stored).toMatch(/^scrypt\.16\.1\.1\.[\w-]{22}\.[\w-]{43}$/);
  expect(await passwords.hash('une phrase assez longue')).not.toBe(stored);
  expect(await passwords.verify('une phrase assez longue', stored)).toBe(true);
  expect(await passwords.verify('une phrase assez longue ', stored)).toBe(false);
  for (const odd of ['', 'scrypt', 'plain.text', stored.slice(0, -3)])
    expect(await passwords.verify('une phrase assez longue', odd).catch(() => false), odd).toBe(false);
});

test('an accent typed in two ways is one password, and an older cost still opens', async () => {
  const stored = await createPasswords({ N: 16, r: 1, p: 1 }).hash('\u00e9t\u00e9 \u00e0 Paris');
  expect(await createPasswords({ N: 32, r: 1, p: 1 }).verify('e\u0301te\u0301 a\u0300 Paris', stored)).toBe(
    true,
  );
});

test('nobody’s password is never right and takes as long as a wrong one', async () => {
  const passwords = createPasswords({ N: 2 ** 13, r: 8, p: 1 });
  const stored = await passwords.hash('right');
  const time = async (hash: string | null) => {
    const began = performance.now();
    for (let times = 0; times < 5; times++) expect(await passwords.verify('wrong', hash)).toBe(false);
    return performance.now() - began;
  };
  await time(stored);
  const [somebody, nobody] = [await time(stored), await time(null)];
  // Generous: it tells a full derivation from none at all.
  expect(nobody).toBeGreaterThan(somebody / 4);
});
