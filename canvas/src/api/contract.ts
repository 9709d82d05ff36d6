/** The answers of the REST API that the page reads, as `openapi.yaml` names them. */

export type Role = 'owner' | 'admin' | 'editor' | 'commenter' | 'viewer';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** `#rrggbb`, the color of this person's caret. */
  readonly color?: string;
}

/** What login and refresh answer to a browser; the refresh token is in a cookie that no script can read. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly user?: User;
}

export interface Registration {
  readonly mode: 'open' | 'invitation' | 'off';
  readonly demo?: boolean;
}

export interface Workspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: Role;
}

export interface DocumentSummary {
  readonly id: string;
  readonly title: string;
  readonly workspace_id: string;
  readonly parent_id?: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by?: string;
  readonly role?: Role;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Model {
  readonly id: string;
  readonly provider: string;
  readonly actions: readonly string[];
  /** Whether it answers free prompts; without a language model it does not. */
  readonly prompt: boolean;
}

export interface Capabilities {
  readonly models: readonly Model[];
}

export interface GenerationRequest {
  readonly prompt?: string;
  readonly action?: string;
  readonly document_id?: string;
  readonly target?: { readonly end: true };
  readonly model?: string;
}

/** How much of the product works right now; the server says so in a header of every answer. */
export type Degradation = 'normal' | 'degraded' | 'minimal' | 'emergency';

export function mayWrite(role: Role | undefined): boolean {
  return role === undefined || role === 'owner' || role === 'admin' || role === 'editor';
}
