// The composer on the home page: what is sent there begins a chat.
import { NewChatComposer } from './new-chat.tsx';

export function HomeComposer() {
  return <NewChatComposer />;
}
