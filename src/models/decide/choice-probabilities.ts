// Probabilities of a few texts from a model's token log-probabilities. Where one token tells the texts apart, one step is
// enough; texts that share a beginning, or that are not among the likeliest tokens, are told apart by further steps.
// What counts is the first token that tells a text from the others, as in sampling under a constraint: what follows
// it is certain. The masses are then set in proportion to each other.
import type { TokenLogprob } from '../../contracts/model.ts';

/** The likeliest way to write one of the texts, token by token, with the alternatives to each token. */
export type AskPath = (among: readonly string[]) => Promise<readonly TokenLogprob[]>;

export interface ChoiceProbabilities {
  /** In the order of the texts; they sum to 1. */
  probabilities: number[];
  /** What the model gave to all of them together, unconstrained, at the first token. */
  covered: number;
}

export interface ChoiceOptions {
  /** False: the path cannot be forced, so one step has to do (a remote model). */
  forced: boolean;
}

/** A text outside the likeliest tokens is asked for on its own when it could matter: this share of the rest. */
const MATTERS = 0.005;
const MOST_EXTRA_STEPS = 24;
/** A branch of less than this share is not followed further. */
const NEGLIGIBLE = 1e-4;

export async function choiceProbabilities(
  texts: readonly string[],
  ask: AskPath,
  { forced }: ChoiceOptions,
): Promise<ChoiceProbabilities> {
  const lower = texts.map((text) => text.toLowerCase());
  const fold = new Set(lower).size === texts.length;
  const norm = (text: string) => (fold ? text.toLowerCase() : text);
  const wanted = fold ? lower : [...texts];
  const result = texts.map(() => 0);
  let covered = 0;
  let steps = 0;

  const askFor = (group: readonly number[]) => ask(group.map((index) => texts[index] ?? ''));

  /** What is left of a path after `prefix`; null when its tokens do not meet there. */
  function after(path: readonly TokenLogprob[], prefix: string): readonly TokenLogprob[] | null {
    let text = '';
    for (const [index, entry] of path.entries()) {
      if (text === prefix) return path.slice(index);
      text += text === '' ? norm(entry.token).trimStart() : norm(entry.token);
    }
    return null;
  }

  /** The texts of a group that are still possible when `written` stands there. */
  function meant(group: readonly number[], written: string): number[] {
    const begun = group.filter((index) => wanted[index]?.startsWith(written));
    if (!forced) {
      const whole = begun.filter((index) => wanted[index] === written);
      if (whole.length > 0) return whole;
    }
    if (begun.length > 0) return begun;
    // A token may hold more than the text, such as `A)`.
    const ended = group.filter((index) => {
      const text = wanted[index] ?? '';
      return written.startsWith(text) && !/^[\p{L}\p{N}]/u.test(written.slice(text.length));
    });
    return ended.sort((a, b) => (wanted[b]?.length ?? 0) - (wanted[a]?.length ?? 0)).slice(0, 1);
  }

  async function spread(
    group: readonly number[],
    prefix: string,
    known: readonly TokenLogprob[] | null,
    weight: number,
  ): Promise<void> {
    const [only] = group;
    if (group.length === 1 && only !== undefined) {
      result[only] = (result[only] ?? 0) + weight;
      return;
    }
    if (weight < NEGLIGIBLE || steps > MOST_EXTRA_STEPS) return evenly(group, weight);
    if (known === null) steps += 1;
    const path = known ?? (await askFor(group));
    const rest = prefix === '' ? path : after(path, prefix);
    const here = rest?.[0];
    const done = group.find((index) => wanted[index] === prefix);
    const masses = new Map<string, { group: number[]; prefix: string; best: number; mass: number }>();
    const seen = new Set<string>();
    for (const entry of here === undefined ? [] : [...here.top, here]) {
      if (seen.has(entry.token)) continue;
      seen.add(entry.token);
      const token = prefix === '' ? norm(entry.token).trimStart() : norm(entry.token);
      if (token === '') continue;
      const left = meant(group, prefix + token).filter((index) => index !== done);
      const mass = Math.exp(entry.logprob);
      if (left.length === 0) continue;
      const key = left.join(' ');
      const branch = masses.get(key) ?? { group: left, prefix: prefix + token, best: 0, mass: 0 };
      if (mass > branch.best) Object.assign(branch, { best: mass, prefix: prefix + token });
      branch.mass += mass;
      masses.set(key, branch);
    }

    const sum = () => [...masses.values()].reduce((total, branch) => total + branch.mass, 0);
    const reached = new Set([...masses.values()].flatMap((branch) => branch.group));
    const missing = group.filter((index) => index !== done && !reached.has(index));
    let told = sum();
    const bound = here === undefined ? 0 : Math.exp(Math.min(...here.top.map((entry) => entry.logprob), 0));
    const least = here === undefined || here.top.length === 0 ? 1 : Math.min(bound, 1);
    for (const index of missing) {
      let mass = Math.min(least, Math.max(0, 1 - told) / missing.length) / 2;
      if (forced && least * missing.length > MATTERS * told && steps < MOST_EXTRA_STEPS) {
        steps += 1;
        const own = await askFor([index]);
        const entry = (prefix === '' ? own : after(own, prefix))?.[0];
        if (entry !== undefined) {
          mass = Math.exp(entry.logprob);
          told += mass;
        }
      }
      masses.set(String(index), { group: [index], prefix: wanted[index] ?? '', best: mass, mass });
    }
    // A text that ends here has whatever does not go on to a longer one.
    if (done !== undefined) {
      masses.set('end', { group: [done], prefix, best: 0, mass: Math.max(0, 1 - sum()) });
    }
    const total = sum();
    if (prefix === '') covered = told;
    if (total <= 0) return evenly(group, weight);
    const chosen =
      here === undefined ? null : prefix + (prefix === '' ? norm(here.token).trimStart() : norm(here.token));
    for (const branch of masses.values()) {
      const reusable = chosen === branch.prefix ? path : null;
      await spread(branch.group, branch.prefix, reusable, (weight * branch.mass) / total);
    }
  }

  function evenly(group: readonly number[], weight: number): void {
    for (const index of group) result[index] = (result[index] ?? 0) + weight / group.length;
  }

  await spread(
    texts.map((_, index) => index),
    '',
    await askFor(texts.map((_, index) => index)),
    1,
  );
  const total = result.reduce((sum, value) => sum + value, 0);
  return { probabilities: result.map((value) => value / total), covered: Math.min(1, covered) };
}
