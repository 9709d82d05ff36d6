export type Route = { readonly at: 'home' } | { readonly at: 'document'; readonly id: string };

export function routeOf(path: string): Route {
  const id = /^\/d\/([^/]+)\/?$/.exec(path)?.[1];
  if (id === undefined) return { at: 'home' };
  try {
    return { at: 'document', id: decodeURIComponent(id) };
  } catch {
    return { at: 'home' };
  }
}

export function pathOf(route: Route): string {
  return route.at === 'document' ? `/d/${encodeURIComponent(route.id)}` : '/';
}

/** Keeps the address bar and the page in step; plain clicks on links inside the page do not reload it. */
export class Router {
  readonly #show: (route: Route) => void;

  constructor(show: (route: Route) => void) {
    this.#show = show;
  }

  listen(signal: AbortSignal): void {
    addEventListener('popstate', () => this.#show(this.current), { signal });
    document.addEventListener('click', (event) => this.#follow(event), { signal });
  }

  get current(): Route {
    return routeOf(location.pathname);
  }

  go(route: Route): void {
    if (pathOf(route) !== location.pathname) history.pushState(null, '', pathOf(route));
    this.#show(route);
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const anchor = (event.target as Element).closest?.('a[data-route]');
    if (anchor === null || anchor === undefined) return;
    event.preventDefault();
    this.go(routeOf(new URL((anchor as HTMLAnchorElement).href).pathname));
  }
}
