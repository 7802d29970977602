/** What `daybook doctor` says of one thing. */
export interface Finding {
  readonly about: string
  readonly state: 'good' | 'warning' | 'bad'
  readonly found: string
  /** What to do; on findings that are not good. */
  readonly cure?: string
}

export const good = (about: string, found: string): Finding => ({ about, state: 'good', found })
export const bad = (about: string, found: string, cure: string): Finding => ({ about, state: 'bad', found, cure })
export const warn = (about: string, found: string, cure: string): Finding => ({ about, state: 'warning', found, cure })
