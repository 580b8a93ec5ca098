// The monitor door.
export function MonitorPage() {
  return <p className="p-6" />;
}
