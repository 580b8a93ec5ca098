// The rooms behind the Improve door, over the title of each of them.
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '../lib/session.ts';

const rooms = [
  { to: '/improve', word: 'overview' },
  { to: '/improve/prompts', word: 'prompts' },
  { to: '/improve/datasets', word: 'datasets' },
  { to: '/improve/classifiers', word: 'classifiers' },
  { to: '/improve/training', word: 'training' },
  { to: '/improve/evaluations', word: 'evaluations' },
] as const;

export function ImproveNav() {
  const { t } = useTranslation('improve');
  const mayLearn = useRights().may('learning');
  const list = useRef<HTMLUListElement>(null);
  // On a narrow screen the room that is open may stand outside the row.
  useEffect(() => {
    const { current } = list;
    const open = current?.querySelector<HTMLElement>('[data-status="active"]');
    if (current && open) current.scrollLeft = open.offsetLeft - (current.clientWidth - open.offsetWidth) / 2;
  }, []);
  // Everybody reads the prompts; the other rooms would only refuse.
  if (!mayLearn) return null;
  return (
    <nav aria-label={t('rooms')} className="mb-5 border-b border-line">
      <ul ref={list} className="relative -mb-px flex gap-5 overflow-x-auto">
        {rooms.map(({ to, word }) => (
          <li key={to} className="shrink-0">
            <Link
              to={to}
              activeOptions={{ exact: to === '/improve' }}
              className="block border-b-2 border-transparent py-2 text-sm text-quiet hover:text-ink data-[status=active]:border-accent data-[status=active]:font-semibold data-[status=active]:text-ink"
            >
              {t(`room.${word}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
