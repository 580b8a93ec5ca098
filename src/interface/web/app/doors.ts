// The doors that open today, in the order of the flow.
import Activity from 'lucide-react/icons/activity';
import Box from 'lucide-react/icons/box';
import House from 'lucide-react/icons/house';
import MessageSquare from 'lucide-react/icons/message-square';
import Settings from 'lucide-react/icons/settings';

export const doors = [
  { to: '/', word: 'home', icon: House },
  { to: '/chat', word: 'chat', icon: MessageSquare },
  { to: '/models', word: 'models', icon: Box },
  { to: '/monitor', word: 'monitor', icon: Activity },
] as const;

export const settingsDoor = { to: '/settings', word: 'settings', icon: Settings } as const;
