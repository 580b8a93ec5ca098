// The icon that an app names, if it is one of those that the page has.

import AlignLeft from 'lucide-react/icons/align-left';
import AppWindow from 'lucide-react/icons/app-window';
import Braces from 'lucide-react/icons/braces';
import ClipboardCheck from 'lucide-react/icons/clipboard-check';
import Code from 'lucide-react/icons/code-xml';
import Feather from 'lucide-react/icons/feather';
import FileCode from 'lucide-react/icons/file-code';
import FileText from 'lucide-react/icons/file-text';
import Languages from 'lucide-react/icons/languages';
import ListChecks from 'lucide-react/icons/list-checks';
import ListCollapse from 'lucide-react/icons/list-collapse';
import MessageCircle from 'lucide-react/icons/message-circle';
import PenLine from 'lucide-react/icons/pen-line';
import ScanText from 'lucide-react/icons/scan-text';
import Smile from 'lucide-react/icons/smile';
import Sparkles from 'lucide-react/icons/sparkles';
import TextSelect from 'lucide-react/icons/text-select';
import type { ComponentType } from 'react';

const icons: Record<string, ComponentType<{ className?: string }>> = {
  'align-left': AlignLeft,
  braces: Braces,
  code: Code,
  'code-xml': Code,
  'file-text': FileText,
  languages: Languages,
  'list-checks': ListChecks,
  'message-circle': MessageCircle,
  'message-square': MessageCircle,
  'pen-line': PenLine,
  'scan-text': ScanText,
  'text-search': ScanText,
  smile: Smile,
  'clipboard-check': ClipboardCheck,
  'file-code': FileCode,
  'list-collapse': ListCollapse,
  'text-select': TextSelect,
  feather: Feather,
  sparkles: Sparkles,
};

export function AppIcon({ name, className }: { name: string; className?: string }) {
  const Icon = icons[name] ?? AppWindow;
  return <Icon aria-hidden="true" {...(className ? { className } : {})} />;
}
