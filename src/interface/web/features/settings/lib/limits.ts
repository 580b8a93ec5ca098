// The values offered for settings that are a number or "never". A value from elsewhere is offered too.

export const limits = {
  retentionDays: [7, 30, 90, 365, null],
  retentionMegabytes: [256, 1024, 2048, 10_240, null],
  unloadAfterMinutes: [5, 15, 30, 120, null],
} as const satisfies Record<string, readonly (number | null)[]>;

export function limitChoices(key: keyof typeof limits, present: number | null): (number | null)[] {
  const known: readonly (number | null)[] = limits[key];
  if (known.includes(present)) return [...known];
  return [...known, present].sort(
    (a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY),
  );
}

export const writeLimit = (value: number | null): string => (value === null ? 'never' : String(value));
export const readLimit = (text: string): number | null => (text === 'never' ? null : Number(text));
