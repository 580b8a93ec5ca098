// The first page: the composer of chat on top of what home says.
import { lazy, Suspense } from 'react';
import { Skeleton } from '../components/ui/skeleton.tsx';

const HomeComposer = lazy(async () => ({
  default: (await import('../features/chat/components/home-composer.tsx')).HomeComposer,
}));

export function HomeRoute() {
  return (
    <Suspense fallback={<Skeleton className="h-28" />}>
      <HomeComposer />
    </Suspense>
  );
}
