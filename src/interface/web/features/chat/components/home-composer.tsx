// Placeholder of the composer on the home page.
export function HomeComposer() {
  return <div className="h-28 rounded-md border border-control bg-raised" />;
}
