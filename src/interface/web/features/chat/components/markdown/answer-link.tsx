// Links of an answer: to the web and to mail only, in a new tab that knows nothing of this one.
// Pictures are links too, because fetching one would tell its server who reads what.
import Image from 'lucide-react/icons/image';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { safeHref } from '../../lib/safe-link.ts';

export function AnswerLink({ href, children }: ComponentProps<'a'>) {
  const safe = safeHref(href);
  if (safe === null) return <span>{children}</span>;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow" title={safe}>
      {children}
    </a>
  );
}

export function AnswerPicture({ src, alt }: ComponentProps<'img'>) {
  const { t } = useTranslation('chat');
  const safe = safeHref(typeof src === 'string' ? src : undefined);
  return (
    <span className="inline-flex max-w-full items-baseline gap-1.5 rounded-sm border border-line px-1.5 align-baseline text-sm">
      <Image aria-hidden="true" className="size-3.5 shrink-0 self-center text-quiet" />
      <span className="min-w-0 break-all">
        {alt || t('picture.unnamed')}{' '}
        {safe ? (
          <a href={safe} target="_blank" rel="noopener noreferrer nofollow" title={t('picture.hint')}>
            {safe.length > 80 ? `${safe.slice(0, 80)}…` : safe}
          </a>
        ) : (
          <span className="text-quiet">{t('picture.blocked')}</span>
        )}
      </span>
    </span>
  );
}
