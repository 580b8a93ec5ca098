// What already lies on the machine, offered in one click each.
import FileBox from 'lucide-react/icons/file-box';
import Plug from 'lucide-react/icons/plug';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { origins, useDiscovery } from '../../../lib/discovery.ts';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { usePull } from '../../../lib/mutations.ts';
import { useRights } from '../../../lib/session.ts';

const MOST_FILES = 3;

export function Offers({
  onAddEndpoint,
}: {
  onAddEndpoint: (start: { name: string; baseUrl: string }) => void;
}) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const say = useErrorText();
  const { data } = useDiscovery(useRights().may('models'));
  const pull = usePull();
  if (!data || data.files.length + data.endpoints.length === 0) return null;
  return (
    <div>
      <h2 className="mb-2 text-sm text-quiet">{t('offers')}</h2>
      <ul className="flex flex-wrap gap-2">
        {data.endpoints.map((endpoint) => {
          const name = endpoint.kind === 'openai' ? endpoint.baseUrl : origins[endpoint.kind];
          return (
            <li key={endpoint.baseUrl} className="max-w-full">
              <Button
                size="small"
                icon={<Plug />}
                onClick={() =>
                  onAddEndpoint({ name: endpoint.kind === 'openai' ? '' : name, baseUrl: endpoint.baseUrl })
                }
              >
                {t('offer_endpoint', { name, count: endpoint.models.length })}
              </Button>
            </li>
          );
        })}
        {data.files.slice(0, MOST_FILES).map((file) => (
          <li key={file.path} className="max-w-full">
            <Button
              size="small"
              icon={<FileBox />}
              title={file.path}
              className="max-w-full"
              busy={pull.isPending && 'path' in pull.variables && pull.variables.path === file.path}
              onClick={() =>
                pull.mutate(
                  { path: file.path },
                  {
                    onError: (error) =>
                      toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' }),
                  },
                )
              }
            >
              <span className="truncate">
                {t('offer_file', {
                  name: file.name,
                  size: format.size(file.sizeBytes),
                  origin: origins[file.origin],
                })}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
