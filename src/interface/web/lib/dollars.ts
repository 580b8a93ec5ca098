// Prices as a person types them: dollars per million tokens, kept as whole nano-dollars without a float in between.
const NANO_DIGITS = 9;

/** "0.15", "0,15" and "2" in nano-dollars; null when it is no amount or has more than nine decimals. */
export function parseDollars(text: string): number | null {
  const match = /^\$?\s*(\d{1,6})(?:[.,](\d{0,9}))?\s*\$?$/.exec(text.trim());
  if (!match) return null;
  const value = Number(`${match[1]}${(match[2] ?? '').padEnd(NANO_DIGITS, '0')}`);
  return Number.isSafeInteger(value) ? value : null;
}

/** The plain digits for an input field, with a point or a comma. */
export function writeDollars(nanoDollars: number, comma: boolean): string {
  const digits = String(nanoDollars).padStart(NANO_DIGITS + 1, '0');
  const whole = digits.slice(0, -NANO_DIGITS);
  const rest = digits.slice(-NANO_DIGITS).replace(/0+$/, '');
  return rest === '' ? whole : `${whole}${comma ? ',' : '.'}${rest}`;
}
