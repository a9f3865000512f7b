// What the valet sends and takes, as its Rust types serialize it. Times are RFC 3339 texts.

export type ServerState =
  | 'ready'
  | 'authorization_required'
  | 'waiting'
  | 'choosing_issuer'
  | 'needs_client_id'
  | 'declined'
  | 'lapsed'
  | 'failed'
  | 'locked';

export type GrantState = 'none' | 'live' | 'unsaved' | 'lapsed';

export type AttemptState = 'none' | 'choosing_issuer' | 'needs_client_id' | 'preparing' | 'waiting' | 'failed';

export type ConsentState = 'none' | 'asked' | 'allowed' | 'denied';

export type Code =
  | 'authorization_required'
  | 'lapsed'
  | 'consent_required'
  | 'locked'
  | 'declined'
  | 'denied'
  | 'proxy_only'
  | 'failed'
  | 'provider_error'
  | 'timeout'
  | 'unknown_server'
  | 'ambiguous_server'
  | 'invalid_request'
  | 'not_found'
  | 'internal';

export interface Problem {
  code: Code;
  title: string;
  status: number;
  detail: string;
  advice: string;
  reason?: string;
}

export interface Server {
  name: string;
  url: string;
  state: ServerState;
  grant: GrantState;
  attempt: AttemptState;
  declined: boolean;
  consent: ConsentState;
  issuer?: string;
  issuers?: string[];
  resource?: string;
  redirect_uri?: string;
  scopes_wanted: string[];
  scopes_granted: string[];
  expires_at?: string;
  renews: boolean;
  last_used?: string;
  added_by?: string;
  problem?: Problem;
}

/** An agent that waits for the person to sign in to a server. */
export interface Wanted {
  server: string;
  agent: string;
}

/** An answer of the person that stands until the valet ends. */
export interface Standing {
  server: string;
  agent: string;
  executable: string;
  allowed: boolean;
}

export type About =
  | { kind: 'use'; agent: string; executable: string; server: string; host: string; scopes: string[] }
  | { kind: 'replace'; agent: string; server: string }
  | { kind: 'configuration'; raises: string[] };

export interface Question {
  id: number;
  about: About;
}

export type Answer = 'allow_once' | 'allow_session' | 'deny';

export type VaultKind = 'keychain' | 'memory';

export interface View {
  servers: Server[];
  wanted: Wanted[];
  answers: Standing[];
  questions: Question[];
  vault: VaultKind;
  locked: Problem | null;
  trouble: Problem | null;
  notices: string[];
}

export interface NewServer {
  name?: string;
  url: string;
  oauth?: Record<string, unknown>;
}

/** What a server says of itself before it is added. */
export interface Found {
  issuers: string[];
  scopes: string[];
  registers: boolean;
  redirect_uri: string;
}

/** A sign-in that was begun, and whether a browser shows it. */
export interface Begun {
  server: string;
  authorization_url: string;
  redirect_uri: string;
  expires_at: string;
  opened: boolean;
}

/** What became of one token at the issuer. */
export type Outcome = 'revoked' | 'not_offered' | 'failed' | 'nothing';

export interface Revocation {
  server: string;
  refresh_token: Outcome;
  access_token: Outcome;
  wiped: boolean;
}

export interface Removed {
  revocation: Revocation;
  removed: boolean;
}
