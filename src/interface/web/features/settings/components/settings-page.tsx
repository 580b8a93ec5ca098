// The settings door.
export function SettingsPage() {
  return <p className="p-6" />;
}
