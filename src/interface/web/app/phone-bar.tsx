// The bottom bar of a narrow screen; More holds the other doors and what the rail's foot holds.
import { Link } from '@tanstack/react-router';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Search from 'lucide-react/icons/search';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ModelSign } from '../components/model-sign.tsx';
import { Button } from '../components/ui/button.tsx';
import { cx } from '../components/ui/cx.ts';
import { Dialog } from '../components/ui/dialog.tsx';
import { TaskTray } from '../features/tasks/components/task-tray.tsx';
import { useTasks } from '../lib/queries.ts';
import { isOpen } from '../lib/task-figures.ts';
import { doors, settingsDoor } from './doors.ts';
import { SignedIn } from './signed-in.tsx';
import { useWaiting, WaitingBadge } from './waiting-badge.tsx';

const barDoors = doors.filter((door) => door.phone);
const otherDoors = [...doors.filter((door) => !door.phone), settingsDoor];

const item =
  'flex min-w-0 grow basis-0 flex-col items-center gap-0.5 pt-2 pb-1.5 text-xs text-quiet data-[status=active]:font-semibold data-[status=active]:text-accent';

export function PhoneBar({ onPalette }: { onPalette: () => void }) {
  const { t } = useTranslation('shell');
  const [open, setOpen] = useState(false);
  const working = (useTasks().data ?? []).some(isOpen);
  const waiting = useWaiting() > 0;
  return (
    <>
      <nav
        aria-label={t('doors')}
        className="flex shrink-0 border-t border-line bg-sunken pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {barDoors.map(({ to, word, icon: Icon }) => (
          <Link key={to} to={to} className={item}>
            <Icon className="size-5" aria-hidden="true" />
            <span className="max-w-full truncate">{t(word)}</span>
          </Link>
        ))}
        <button type="button" className={item} onClick={() => setOpen(true)} aria-haspopup="dialog">
          <span className="relative">
            <Ellipsis className="size-5" aria-hidden="true" />
            {working || waiting ? (
              <span
                className={cx(
                  'absolute -top-0.5 -right-1 size-2 rounded-full',
                  waiting ? 'bg-needs' : 'bg-accent',
                )}
              />
            ) : null}
          </span>
          <span>{t('more')}</span>
        </button>
      </nav>
      {open ? (
        <Dialog open onOpenChange={setOpen} title={t('more')}>
          <div className="flex flex-col gap-3">
            <div className="-mx-2.5">
              <ModelSign />
            </div>
            <nav aria-label={t('doors')} className="-mx-2.5 flex flex-col">
              {otherDoors.map(({ to, word, icon: Icon }) => (
                <Link
                  key={to}
                  to={to}
                  activeOptions={{ exact: to === '/' }}
                  onClick={() => setOpen(false)}
                  className="flex h-11 items-center gap-3 rounded-md px-2.5 text-sm hover:bg-sunken data-[status=active]:font-semibold data-[status=active]:text-accent"
                >
                  <Icon className="size-4 shrink-0" aria-hidden="true" />
                  <span className="grow">{t(word)}</span>
                  {to === '/agents' ? <WaitingBadge /> : null}
                </Link>
              ))}
            </nav>
            <Button
              icon={<Search />}
              onClick={() => {
                setOpen(false);
                onPalette();
              }}
            >
              {t('palette')}
            </Button>
            <TaskTray />
            <div className="-mx-2.5">
              <SignedIn />
            </div>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
