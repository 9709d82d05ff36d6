import './styles/base.css';
import './styles/app.css';
import './styles/prose.css';
import { ApiClient } from './api/client';
import type { User } from './api/contract';
import { Materi } from './api/materi';
import { sentenceOf } from './api/problem';
import { Session } from './api/session';
import { App } from './app';
import { fill, h } from './dom';
import { SignIn } from './sign-in';

const host = document.querySelector<HTMLElement>('#app')!;
const request = (input: string, init?: RequestInit) => fetch(input, init);
const session = new Session(request);
let app: App | null = null;

/** Remembers that there was a session, so that a first visit does not ask the server for one. */
const VISITED = 'materi.signed-in';

session.onEnded = signInAgain;
void boot();

async function boot(): Promise<void> {
  if (localStorage.getItem(VISITED) === null) return showDoor('');
  fill(host, h('div', { class: 'opening', role: 'status' }, 'Opening Materi…'));
  try {
    if (await session.resume()) await enter(undefined);
    else showDoor('');
  } catch (error) {
    fill(host, h('main', { class: 'door' }, h('div', { class: 'door-card', role: 'alert' },
      h('h1', {}, 'Materi is not answering'), h('p', {}, sentenceOf(error)),
      h('button', { class: 'primary', type: 'button', onclick: () => void boot() }, 'Try again'))));
  }
}

async function enter(known: User | undefined): Promise<void> {
  const user = known ?? (await new Materi(new ApiClient(session, request)).me());
  localStorage.setItem(VISITED, 'yes');
  app = new App(session, user, { signedOut, signInAgain });
  fill(host, skipLink(), app.element);
  await app.start();
}

function signedOut(): void {
  localStorage.removeItem(VISITED);
  showDoor('');
}

/** Over the open page, so that what was written there and not yet sent is still there afterwards. */
function signInAgain(): void {
  const kept = app;
  if (kept === null) return showDoor('');
  if (document.querySelector('.door-dialog') !== null) return;
  const dialog = h('dialog', { class: 'dialog door-dialog', 'aria-label': 'Sign in again' });
  const door = new SignIn(session, (user) => void back(user), 'Your session has ended. Sign in again to go on.');
  const back = async (known: User | undefined) => {
    const user = known ?? (await new Materi(new ApiClient(session, request)).me());
    dialog.close();
    if (user.id === kept.user.id) return kept.resume();
    kept.destroy();
    await enter(user);
  };
  dialog.addEventListener('close', () => dialog.remove());
  dialog.append(door.element);
  document.body.append(dialog);
  dialog.showModal();
}

/** The door opens onto whatever the address names, so that signing in leads back to it. */
function showDoor(notice: string): void {
  app?.destroy();
  app = null;
  document.title = 'Sign in – Materi';
  const door = new SignIn(session, (user) => void enter(user), notice);
  door.element.role = 'main';
  fill(host, door.element);
  door.element.querySelector('input')?.focus();
}

function skipLink(): HTMLElement {
  return h('a', { class: 'skip', href: '#main' }, 'Skip to the document');
}
