// What other programs left on this machine: model files, and endpoints that answer. Offered, never taken unasked.
import FileBox from 'lucide-react/icons/file-box';
import Plug from 'lucide-react/icons/plug';
import { useTranslation } from 'react-i18next';
import type { Discovery } from '../../../../../contracts/catalogue.ts';
import { Rows } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { origins } from '../../../lib/discovery.ts';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { usePull } from '../../../lib/mutations.ts';

export interface FoundProps {
  discovery: Discovery;
  onAddEndpoint: (start: { name: string; baseUrl: string }) => void;
}

export function Found({ discovery, onAddEndpoint }: FoundProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const say = useErrorText();
  const pull = usePull();
  return (
    <Rows label={t('found.title')}>
      {discovery.endpoints.map((endpoint) => (
        <li key={endpoint.baseUrl} className="flex items-center gap-3 px-4 py-2.5">
          <Plug className="size-4 shrink-0 text-quiet" aria-hidden="true" />
          <div className="min-w-0 grow">
            <p className="font-semibold">
              {endpoint.kind === 'openai' ? endpoint.baseUrl : origins[endpoint.kind]}
            </p>
            <p className="truncate text-xs text-quiet">
              {t('found.endpoint', { address: endpoint.baseUrl, count: endpoint.models.length })}
            </p>
          </div>
          <Button
            size="small"
            onClick={() =>
              onAddEndpoint({
                name: endpoint.kind === 'openai' ? '' : origins[endpoint.kind],
                baseUrl: endpoint.baseUrl,
              })
            }
          >
            {t('found.connect')}
          </Button>
        </li>
      ))}
      {discovery.files.map((file) => (
        <li key={file.path} className="flex items-center gap-3 px-4 py-2.5">
          <FileBox className="size-4 shrink-0 text-quiet" aria-hidden="true" />
          <div className="min-w-0 grow">
            <p className="truncate font-semibold">{file.name}</p>
            <p className="truncate text-xs text-quiet" title={file.path}>
              {origins[file.origin]} · {format.size(file.sizeBytes)}
              {file.architecture ? ` · ${file.architecture}` : ''}
            </p>
          </div>
          <Button
            size="small"
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
            {t('found.use')}
          </Button>
        </li>
      ))}
    </Rows>
  );
}
