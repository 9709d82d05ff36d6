import type { Registration, User } from './api/contract';
import { registration } from './api/materi';
import { Problem, sentenceOf } from './api/problem';
import type { Session } from './api/session';
import { fill, h } from './dom';
import { mark } from './mark';

const DEMO_PASSWORD = 'materi-demo-1';
const DEMO_USERS = ['ada@demo.materi.local', 'bob@demo.materi.local'];

type Mode = 'sign-in' | 'register';

/** The door: signing in, and registering where the server offers it. */
export class SignIn {
  readonly element = h('section', { class: 'door' });
  readonly #session: Session;
  readonly #done: (user: User | undefined) => void;
  #offer: Registration = { mode: 'off' };
  #mode: Mode = 'sign-in';

  constructor(session: Session, done: (user: User | undefined) => void, notice: string) {
    this.#session = session;
    this.#done = done;
    this.#render(notice);
    void registration().then((offer) => {
      this.#offer = offer;
      this.#addOffer();
    });
  }

  readonly #email = h('input', {
    id: 'email', name: 'email', type: 'email', autocomplete: 'username', required: true, 'data-testid': 'email',
  });
  readonly #password = h('input', {
    id: 'password', name: 'password', type: 'password', required: true, 'data-testid': 'password',
  });
  readonly #name = h('input', { id: 'name', name: 'name', autocomplete: 'name', 'data-testid': 'name' });
  readonly #invitation = h('input', { id: 'invitation', name: 'invitation', autocomplete: 'off' });
  readonly #error = h('p', { class: 'form-error', role: 'alert' });
  readonly #below = h('div', { class: 'door-below' });

  #render(notice: string): void {
    const registering = this.#mode === 'register';
    this.#password.autocomplete = registering ? 'new-password' : 'current-password';
    this.#name.required = registering;
    this.#invitation.required = registering && this.#offer.mode === 'invitation';
    this.#error.textContent = notice;
    fill(
      this.element,
      h('div', { class: 'door-card' },
        h('div', { class: 'door-mark' }, mark(), h('span', {}, 'Materi')),
        h('h1', {}, registering ? 'Create your account' : 'Good to see you.'),
        h('p', { class: 'muted' }, 'People and agents, writing the same page.'),
        h('form', { onsubmit: (event: SubmitEvent) => void this.#submit(event) },
          registering && field('Name', this.#name),
          field('Email', this.#email),
          field('Password', this.#password),
          registering && this.#offer.mode === 'invitation' && field('Invitation', this.#invitation),
          this.#error,
          h('button', { class: 'primary wide', type: 'submit', 'data-testid': registering ? 'register' : 'sign-in' },
            registering ? 'Create account' : 'Sign in'),
        ),
        this.#below,
      ),
    );
    this.#addOffer();
  }

  #addOffer(): void {
    const registering = this.#mode === 'register';
    const other = registering ? 'I have an account' : 'Create an account';
    fill(
      this.#below,
      this.#offer.mode !== 'off' &&
        h('p', {}, h('button', { class: 'link', type: 'button', onclick: () => this.#switch(), 'data-testid': 'switch' }, other)),
      this.#offer.demo === true && !registering && this.#demo(),
    );
  }

  #demo(): HTMLElement {
    const choose = (email: string) => () => {
      this.#email.value = email;
      this.#password.value = DEMO_PASSWORD;
      this.#password.form?.requestSubmit();
    };
    return h('aside', { class: 'demo', 'aria-label': 'Demo accounts', 'data-testid': 'demo-hint' },
      h('p', {}, 'This is a development server. Step in as'),
      h('ul', {}, ...DEMO_USERS.map((email) =>
        h('li', {}, h('button', { class: 'chip', type: 'button', onclick: choose(email) }, email)))),
      h('p', {}, 'password ', h('code', {}, DEMO_PASSWORD)),
    );
  }

  #switch(): void {
    this.#mode = this.#mode === 'register' ? 'sign-in' : 'register';
    this.#render('');
    (this.#mode === 'register' ? this.#name : this.#email).focus();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const button = event.submitter ?? this.element.querySelector('button[type=submit]');
    button?.setAttribute('aria-busy', 'true');
    this.#error.textContent = '';
    try {
      this.#done(await this.#enter());
    } catch (error) {
      this.#error.textContent = doorSentence(error);
      this.#password.select();
    } finally {
      button?.removeAttribute('aria-busy');
    }
  }

  #enter(): Promise<User | undefined> {
    const email = this.#email.value.trim();
    const password = this.#password.value;
    return this.#mode === 'register'
      ? this.#session.register(this.#name.value.trim(), email, password, this.#invitation.value.trim())
      : this.#session.login(email, password);
  }
}

function doorSentence(error: unknown): string {
  const refused = error instanceof Problem && error.status === 401;
  return refused ? 'That email and password do not match an account.' : sentenceOf(error);
}

function field(label: string, input: HTMLInputElement): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: input.id }, label), input);
}
