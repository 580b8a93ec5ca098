// Dollars as decimals, on their way to integers: without a step through a float that could lose a nano-dollar.

/** `value` times ten to the power of `places`; null when it is no plain amount of dollars or no whole number then. */
export function scaled(value: unknown, places: number): number | null {
  const text = typeof value === 'number' ? decimalOf(value) : typeof value === 'string' ? value.trim() : '';
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!parts) return null;
  const fraction = (parts[2] ?? '').padEnd(places, '0');
  if (/[1-9]/.test(fraction.slice(places))) return null;
  const whole = Number(BigInt(`${parts[1]}${fraction.slice(0, places)}`));
  return Number.isSafeInteger(whole) ? whole : null;
}

/** What was charged, rounded to the nano-dollar. */
export function toNanoDollars(dollars: unknown): number | null {
  if (typeof dollars !== 'number' || !Number.isFinite(dollars) || dollars < 0) return null;
  return Math.round(dollars * 1e9);
}

/** The shortest decimal of a number, also of a small one, which JavaScript writes as 1e-7. */
function decimalOf(value: number): string {
  const text = String(value);
  const parts = /^(\d+)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (!parts) return text;
  return `0.${'0'.repeat(Number(parts[3]) - 1)}${parts[1]}${parts[2] ?? ''}`;
}
