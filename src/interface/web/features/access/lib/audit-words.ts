// An entry of the record of changes in words: a label and a value for each fact, names where ids stand.
import type { AuditEntry } from '../../../../../contracts/access.ts';

/** What words need from the page: a key of the words of this door, an id that has a name, and figures as written here. */
export interface AuditWriter {
  /** The words under a key, or null where there are none. */
  word(key: string): string | null;
  /** The name of a person, a key or a dataset, or null. */
  nameOf(id: string): string | null;
  /** A label and its value, as the language puts them. */
  fact(label: string, value: string): string;
  dollars(nanoDollars: number): string;
  number(value: number): string;
  percent(value: number): string;
}

/** Facts whose values are codes, and where the words of those codes stand. */
const codes: Record<string, string> = {
  role: 'roles',
  from: 'roles',
  to: 'roles',
  period: 'period',
  unit: 'unit',
  action: 'budget_action',
};

/** "key key_1" of a budget or a limit, with the name that people know. */
function subjectWords(text: string, { word, nameOf }: AuditWriter): string {
  if (text === 'everyone') return word('subject.everyone') ?? text;
  const [kind = '', id = ''] = text.split(/ (.*)/s);
  const named = word(`subject_which.${kind}`);
  return named === null ? text : `${named} ${nameOf(id) ?? id}`;
}

const isSubject = (action: string) => /^limit\./.test(action);

/** What was changed: its name where the entry or the page knows it, else its id. */
export function targetWords({ action, target, data }: AuditEntry, writer: AuditWriter): string {
  if (isSubject(action)) return subjectWords(target, writer);
  if (typeof data.subject === 'string') return subjectWords(data.subject, writer);
  // A session has no name, and nobody looks for its id.
  if (action.startsWith('session.')) return '';
  if (typeof data.name === 'string') return data.name;
  return writer.nameOf(target) ?? target;
}

/** Prices are stored as the text of an object, in billionths of a dollar for a million tokens. */
function priceWords(text: string, writer: AuditWriter): string {
  try {
    const rates = Object.entries(JSON.parse(text) as Record<string, unknown>).flatMap(([name, value]) =>
      typeof value === 'number'
        ? [`${writer.word(`audit.rate.${name}`) ?? name} ${writer.dollars(value)}`]
        : [],
    );
    return rates.length > 0 ? rates.join(', ') : text;
  } catch {
    return text;
  }
}

function valueWords(name: string, value: unknown, data: AuditEntry['data'], writer: AuditWriter): string {
  if (typeof value === 'number' && name === 'share') return writer.percent(value);
  if (typeof value === 'number')
    return name === 'amount' && data.unit === 'money' ? writer.dollars(value) : writer.number(value);
  if (typeof value === 'boolean') return writer.word(`audit.${value ? 'yes' : 'no'}`) ?? String(value);
  if (Array.isArray(value)) return value.map((one) => valueWords(name, one, data, writer)).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value);
  if (name === 'price') return priceWords(value, writer);
  const group = codes[name];
  return (group && writer.word(`${group}.${value}`)) ?? writer.nameOf(value) ?? value;
}

/** The facts of an entry that its target does not say already. */
export function factsOf({ data }: AuditEntry, writer: AuditWriter): string[] {
  const told = typeof data.subject === 'string' ? 'subject' : 'name';
  return Object.entries(data).flatMap(([name, value]) => {
    if (value === null || name === told) return [];
    const label = writer.word(`audit.facts.${name}`) ?? name;
    return [writer.fact(label, valueWords(name, value, data, writer))];
  });
}
