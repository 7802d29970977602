/** What is handed to `app.ts`. */
export interface ApiAppSpec {
  readonly dir: string
  readonly adminKey: string
}

/** Who sends it is known to the host's log-in, as an admin of that tenant. */
export const TENANT_HEADER = 'x-test-tenant'
