// The shell: rail, page, phone bar.
import { Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';

export function Layout() {
  return (
    <main id="content">
      <Suspense fallback={null}>
        <Outlet />
      </Suspense>
    </main>
  );
}
