// The left rail of a wide screen: doors, and at its foot the work under way, the model that answers, the settings.
import { Link } from '@tanstack/react-router';
import Search from 'lucide-react/icons/search';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { ModelSign } from '../components/model-sign.tsx';
import { Kbd } from '../components/ui/kbd.tsx';
import { TaskTray } from '../features/tasks/components/task-tray.tsx';
import { doors, settingsDoor } from './doors.ts';
import { Logo } from './logo.tsx';
import { SignedIn } from './signed-in.tsx';
import { WaitingBadge } from './waiting-badge.tsx';

function Door({
  to,
  label,
  icon: Icon,
}: {
  to: string;
  label: string;
  icon: ComponentType<{ className?: string }>;
}) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/' }}
      className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm text-quiet hover:bg-pressed hover:text-ink data-[status=active]:bg-pressed data-[status=active]:font-semibold data-[status=active]:text-ink"
    >
      <Icon className="size-4 shrink-0" aria-hidden="true" />
      <span className="grow">{label}</span>
      {to === '/agents' ? <WaitingBadge /> : null}
    </Link>
  );
}

export function Rail({ onPalette }: { onPalette: () => void }) {
  const { t } = useTranslation('shell');
  return (
    <aside
      aria-label="Atelier"
      className="hidden h-full min-h-0 flex-col border-r border-line bg-sunken md:flex"
    >
      <div className="flex h-14 shrink-0 items-center px-5">
        <Link to="/" className="flex items-center gap-2 text-base font-semibold tracking-tight">
          <Logo />
          Atelier
        </Link>
      </div>
      <div className="px-3 pb-3">
        <button
          type="button"
          onClick={onPalette}
          className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-raised px-2.5 text-sm text-quiet hover:border-control"
        >
          <Search className="size-4" aria-hidden="true" />
          <span className="grow text-left">{t('search')}</span>
          <Kbd keys="mod+K" />
        </button>
      </div>
      <nav aria-label={t('doors')} className="flex flex-col gap-0.5 px-3">
        {doors.map((door) => (
          <Door key={door.to} to={door.to} label={t(door.word)} icon={door.icon} />
        ))}
      </nav>
      <div className="min-h-4 grow" />
      <div className="min-h-0 shrink overflow-y-auto px-3">
        <TaskTray />
      </div>
      <div className="shrink-0 px-3 pb-3">
        <div className="mb-1 border-t border-line pt-1">
          <ModelSign />
        </div>
        <Door to={settingsDoor.to} label={t(settingsDoor.word)} icon={settingsDoor.icon} />
        <SignedIn />
      </div>
    </aside>
  );
}
