// The doors that open today, in the order of the flow; `phone` are those of the bottom bar of a narrow screen.
import Activity from 'lucide-react/icons/activity';
import Bot from 'lucide-react/icons/bot';
import Box from 'lucide-react/icons/box';
import House from 'lucide-react/icons/house';
import LayoutGrid from 'lucide-react/icons/layout-grid';
import Library from 'lucide-react/icons/library';
import MessageSquare from 'lucide-react/icons/message-square';
import Settings from 'lucide-react/icons/settings';
import Sprout from 'lucide-react/icons/sprout';

export const doors = [
  { to: '/', word: 'home', icon: House, phone: false },
  { to: '/chat', word: 'chat', icon: MessageSquare, phone: true },
  { to: '/apps', word: 'apps', icon: LayoutGrid, phone: true },
  { to: '/knowledge', word: 'knowledge', icon: Library, phone: true },
  { to: '/agents', word: 'agents', icon: Bot, phone: false },
  { to: '/models', word: 'models', icon: Box, phone: false },
  { to: '/monitor', word: 'monitor', icon: Activity, phone: false },
  { to: '/improve', word: 'improve', icon: Sprout, phone: false },
] as const;

export const settingsDoor = { to: '/settings', word: 'settings', icon: Settings } as const;
