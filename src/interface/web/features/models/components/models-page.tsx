// The models door.
export function ModelsPage() {
  return <p className="p-6" />;
}
