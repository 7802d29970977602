/** The zone in which times are shown. Links and the API speak UTC, so the same link means the same moment to everybody. */
const NAME = 'daybook.zone'

export const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone
let zone = read()

export const getZone = (): string => zone

export function setZone(next: string): void {
  zone = next
  try {
    localStorage.setItem(NAME, next)
  } catch {}
}

/** A browser may forbid storage, or have stored a zone that it does not know any more. */
function read(): string {
  try {
    const stored = localStorage.getItem(NAME) ?? LOCAL_ZONE
    Intl.DateTimeFormat(undefined, { timeZone: stored })
    return stored
  } catch {
    return LOCAL_ZONE
  }
}
