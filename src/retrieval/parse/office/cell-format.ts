// A number of a sheet as the sheet shows it: dates, times, shares, money. Covers what number formats are used for, not
// every corner of their grammar. Source: ECMA-376, part 1, 18.8.30 (numFmts) and 18.17.4.1 (dates).

/** Formats that have a number and no text in the file. */
const builtIn: Record<number, string> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0',
  38: '#,##0',
  39: '#,##0.00',
  40: '#,##0.00',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
};

export function formatText(id: number, custom: ReadonlyMap<number, string>): string {
  return custom.get(id) ?? builtIn[id] ?? 'General';
}

/** Dates come out as ISO 8601 whatever the format: one writing that search and a model understand. */
export function formatNumber(value: number, format: string, { date1904 = false } = {}): string {
  const section = (format.split(';')[value < 0 && format.includes(';') ? 1 : 0] ?? format).replace(
    /"[^"]*"|\\.|_.|\*./g,
    '',
  );
  const bare = section.replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  if (/[ymdhs]/i.test(bare.replace(/general|AM\/PM/gi, '')) && !/[#0?]/.test(bare.replace(/\.0+/g, '')))
    return formatDate(value, bare, date1904);
  if (bare.includes('%')) return `${round(value * 100, decimalsOf(bare))}%`;
  const decimals = decimalsOf(bare);
  const text =
    /general|@/i.test(bare) || bare === ''
      ? general(value)
      : /e[+-]/i.test(bare)
        ? value.toExponential(decimals)
        : round(value, decimals);
  const money = moneyOf(format);
  return money ? `${text} ${money}` : text;
}

function general(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(12)));
}

function decimalsOf(format: string): number {
  return Math.min(/\.([0#?]+)/.exec(format)?.[1]?.length ?? 0, 12);
}

function round(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

const currencies = /[$€£¥₹]|\b(?:EUR|USD|GBP|CHF)\b/;

function moneyOf(format: string): string | null {
  const tagged = /\[\$([^\]-]+)/.exec(format)?.[1];
  return tagged?.trim() || currencies.exec(format.replace(/\[\$-[^\]]*\]/g, ''))?.[0] || null;
}

function formatDate(value: number, format: string, date1904: boolean): string {
  const bare = format.replace(/AM\/PM|A\/P/gi, '');
  const hasDate = /[yd]/i.test(bare) || /m/i.test(bare.replace(/h+[^a-z]*m+|m+[^a-z]*s+/gi, ''));
  const hasTime = /[hs]/i.test(bare);
  // Brackets mean a duration, which goes beyond a day.
  if (!hasDate && /\[[hms]/i.test(bare)) {
    const seconds = Math.round(value * 86_400);
    return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }
  // Day 60 of the calendar that begins in 1900 is a 29 February that never was.
  const days = date1904 ? value + 1462 : value < 60 ? value + 1 : value;
  const milliseconds = Math.round((days - 25_569) * 86_400_000);
  if (!Number.isFinite(milliseconds) || Math.abs(milliseconds) > 8.64e15 || value < 0) return general(value);
  const iso = new Date(milliseconds).toISOString();
  const time = iso.slice(11, 19).replace(/:00$/, '');
  if (!hasDate) return time;
  return hasTime ? `${iso.slice(0, 10)} ${time}` : iso.slice(0, 10);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
