// How a call was routed, read from its span. What is not there, or is written otherwise, is null or zero.
import type { Routed } from '../../../../../contracts/routing.ts';
import { attribute, type Span } from '../../../../../contracts/span.ts';
import { isObject } from '../../../lib/json-schema.ts';

const caches = ['hit', 'miss', 'off'] as const;

export function readRouted(span: Pick<Span, 'attributes'>): { routed: Routed | null; savedNano: number } {
  const saved = span.attributes[attribute.savedNano];
  return {
    routed: routedOf(span.attributes[attribute.routed]),
    savedNano: typeof saved === 'number' ? saved : 0,
  };
}

function routedOf(value: unknown): Routed | null {
  if (!isObject(value) || typeof value.asked !== 'string' || typeof value.answered !== 'string') return null;
  return {
    asked: value.asked,
    answered: value.answered,
    attempts: typeof value.attempts === 'number' ? value.attempts : 1,
    fallback: value.fallback === true,
    cache: caches.find((one) => one === value.cache) ?? 'off',
    reason: typeof value.reason === 'string' ? value.reason : null,
  };
}
