/** What stands where a secret was: always this, so that it tells nothing of the secret's length. */
export const REDACTED = '[REDACTED]'
