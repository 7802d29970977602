import { useEffect, useState } from 'react'

const NAME = 'daybook.key'

/** The API key: from the address's `#key=…`, which is taken out of the address bar, else from this tab's storage. */
export function useKey(): readonly [string | null, (key: string | null) => void] {
  const [key, setKey] = useState(() => takeFromAddress() ?? read())

  useEffect(() => {
    const onHashChange = () => {
      const taken = takeFromAddress()
      if (taken) setKey(taken)
    }
    addEventListener('hashchange', onHashChange)
    return () => removeEventListener('hashchange', onHashChange)
  }, [])

  return [
    key,
    (next) => {
      write(next)
      setKey(next)
    },
  ]
}

function takeFromAddress(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key')
  if (!key) return null
  history.replaceState(null, '', location.pathname + location.search)
  write(key)
  return key
}

/** A browser may forbid storage; the key then lives as long as the page. */
function read(): string | null {
  try {
    return sessionStorage.getItem(NAME)
  } catch {
    return null
  }
}

function write(key: string | null): void {
  try {
    if (key) sessionStorage.setItem(NAME, key)
    else sessionStorage.removeItem(NAME)
  } catch {}
}
