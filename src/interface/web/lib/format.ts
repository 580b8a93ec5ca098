// Numbers, sizes, money, durations and dates as the language writes them. A unit is tied to its number.
import { useTranslation } from 'react-i18next';
import type { Cost } from '../../../contracts/money.ts';

const NANO = 1_000_000_000;

const cached = new Map<string, Format>();

function make(language: string) {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options);
  const whole = number({ maximumFractionDigits: 0 });
  const one = number({ maximumFractionDigits: 1 });
  const unit = (name: string, digits: number, value: number) =>
    number({ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
  /** Units of time have the same symbols in both languages; Intl would write "secs" for some. */
  const time = (value: string, symbol: 'ms' | 's' | 'min' | 'h') =>
    `${value}${language.startsWith('fr') ? '\u202f' : '\u00a0'}${symbol}`;
  /** Intl writes "10 byte" in its short form; its long one counts: 1 byte, 10 bytes, 1 octet, 10 octets. */
  const fewBytes = (value: number) =>
    number({ style: 'unit', unit: 'byte', unitDisplay: 'long', maximumFractionDigits: 0 }).format(value);
  const percent = number({ style: 'percent', maximumFractionDigits: 0 });
  // British English would write "bn", which nobody says of weights.
  const compact = new Intl.NumberFormat(language.split('-')[0], {
    notation: 'compact',
    maximumSignificantDigits: 3,
  });
  const names = new Intl.DisplayNames(language, { type: 'language', fallback: 'code' });
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  /** In French the first of a month is « 1er », which Intl does not write. */
  const date = (options: Intl.DateTimeFormatOptions) => {
    const intl = new Intl.DateTimeFormat(language, options);
    if (!language.startsWith('fr')) return intl;
    return {
      format: (ms: number) =>
        intl
          .formatToParts(ms)
          .map(({ type, value }) => (type === 'day' && value === '1' ? '1er' : value))
          .join(''),
    };
  };
  const moment = date({ dateStyle: 'medium', timeStyle: 'short' });
  const exact = date({ dateStyle: 'medium', timeStyle: 'medium' });
  const clock = date({ timeStyle: 'short' });
  const stamp = date({
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const dayOfYear = date({ day: 'numeric', month: 'short' });
  const day = date({ dateStyle: 'medium' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });

  return {
    number: (value: number): string => (Number.isInteger(value) ? whole : one).format(value),
    whole: (value: number): string => whole.format(value),
    decimal: (value: number, digits: number): string =>
      number({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    percent: (value: number): string => percent.format(value),
    /** 1.5B, 135M. */
    compact: (value: number): string => compact.format(value),
    /** The name of a language by its tag. */
    languageName: (tag: string): string => names.of(tag) ?? tag,
    list: (values: readonly string[]): string => list.format(values),

    /** Decimal units, as downloads and disks count. */
    bytes(value: number): string {
      if (value < 1000) return fewBytes(value);
      if (value < 1_000_000) return unit('kilobyte', 0, value / 1000);
      if (value < 10_000_000_000) return unit('megabyte', 0, value / 1_000_000);
      return unit('gigabyte', 1, value / NANO);
    },
    /** A size for a list, where 1.1 GB says more than 1,117 MB. */
    size(value: number): string {
      if (value < 1000) return fewBytes(value);
      if (value < 1_000_000) return unit('kilobyte', 0, value / 1000);
      if (value < NANO) return unit('megabyte', 0, value / 1_000_000);
      return unit('gigabyte', 1, value / NANO);
    },
    /** The whole millions of bytes of "412 of 1,117 MB". */
    megabytes: (value: number): string => whole.format(value / 1_000_000),
    bytesPerSecond: (value: number): string =>
      value < 1_000_000
        ? unit('kilobyte-per-second', 0, value / 1000)
        : unit('megabyte-per-second', 1, value / 1_000_000),

    /** 820 ms, 4.2 s, 3 min 20 s, 2 h 5 min. */
    duration(ms: number): string {
      if (ms < 1000) return time(whole.format(ms), 'ms');
      if (ms < 59_950) return time((ms < 9_950 ? one : whole).format(ms / 1000), 's');
      const seconds = Math.round(ms / 1000);
      if (seconds < 3600) {
        const rest = seconds % 60;
        return (
          time(whole.format(Math.floor(seconds / 60)), 'min') +
          (rest ? ` ${time(whole.format(rest), 's')}` : '')
        );
      }
      const minutes = Math.round(seconds / 60);
      const rest = minutes % 60;
      return (
        time(whole.format(Math.floor(minutes / 60)), 'h') +
        (rest ? ` ${time(whole.format(rest), 'min')}` : '')
      );
    },
    perSecond: (value: number): string => (value < 10 ? one : whole).format(value),

    /** Dollars from nano-dollars: two digits that count, never a zero for something. */
    dollars(nanoDollars: number): string {
      const value = nanoDollars / NANO;
      const small = value !== 0 && value < 0.1;
      return number({
        style: 'currency',
        currency: 'USD',
        currencyDisplay: 'narrowSymbol',
        ...(small ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
      }).format(value);
    },

    moment: (ms: number): string => moment.format(ms),
    exact: (ms: number): string => exact.format(ms),
    clock: (ms: number): string => clock.format(ms),
    /** Day and time to the second, short enough for a table. */
    stamp: (ms: number): string => stamp.format(ms),
    day: (ms: number): string => day.format(ms),
    /** Today the hour, before that the day. */
    when(ms: number, now: number = Date.now()): string {
      const then = new Date(ms);
      const today = new Date(now);
      if (then.toDateString() === today.toDateString()) return clock.format(ms);
      return then.getFullYear() === today.getFullYear() ? dayOfYear.format(ms) : day.format(ms);
    },
    ago(ms: number, now: number = Date.now()): string {
      const seconds = Math.round((ms - now) / 1000);
      if (Math.abs(seconds) < 60) return relative.format(seconds, 'second');
      if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), 'minute');
      if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
      return relative.format(Math.round(seconds / 86_400), 'day');
    },
  };
}

export type Format = ReturnType<typeof make>;

/** The browser's own variety of a language: an English page of a British reader writes British dates. */
export function regional(language: string, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

export function createFormat(language: string): Format {
  let format = cached.get(language);
  if (!format) {
    format = make(regional(language, globalThis.navigator?.languages ?? []));
    cached.set(language, format);
  }
  return format;
}

/** The writer of the page's language. */
export function useFormat(): Format {
  const { i18n } = useTranslation('common');
  return createFormat(i18n.language);
}

/** A cost in words and figures: nothing is charged, nobody knows, or dollars. */
export function useCostText(): (cost: Cost) => string {
  const { t } = useTranslation('common');
  const format = useFormat();
  return (cost) => {
    if (cost.kind === 'none') return t('cost.none');
    if (cost.kind === 'unknown') return t('cost.unknown');
    return format.dollars(cost.nanoDollars);
  };
}
