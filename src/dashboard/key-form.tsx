import { type FormEvent, useState } from 'react'
import type { Refusal } from './client.ts'

interface KeyFormProps {
  readonly refusal: Refusal | undefined
  readonly hadKey: boolean
  readonly onKey: (key: string) => void
}

/** Asks for a key; after one that didn't do, it says so. */
export function KeyForm({ refusal, hadKey, onKey }: KeyFormProps) {
  const [text, setText] = useState('')
  const trouble = hadKey ? toTrouble(refusal) : undefined
  function onSubmit(submit: FormEvent): void {
    submit.preventDefault()
    if (text.trim()) onKey(text.trim())
  }
  return (
    <main className="key-page">
      <form className="key-form" onSubmit={onSubmit}>
        <h2>Open the book with a key</h2>
        <p>
          Daybook printed a link with a key in it when it first started, and keeps that key in the file{' '}
          <code>admin-key</code> of its folder. Follow the link, or paste the key here. It stays in this tab.
        </p>
        <label>
          <span>API key</span>
          <input
            type="password"
            autoComplete="off"
            value={text}
            onChange={(change) => setText(change.target.value)}
            aria-invalid={trouble !== undefined}
            aria-describedby={trouble && 'key-trouble'}
            // biome-ignore lint/a11y/noAutofocus: there is nothing else to do on this page
            autoFocus
          />
        </label>
        {trouble && (
          <p className="key-trouble" id="key-trouble" role="alert">
            {trouble}
          </p>
        )}
        <button type="submit" className="primary">
          Open
        </button>
      </form>
    </main>
  )
}

const toTrouble = (refusal: Refusal | undefined): string =>
  refusal?.status === 403
    ? 'This key may not read the event log. Reading needs a key of role user or admin.'
    : 'This key isn’t accepted. Check that it is complete, and that it wasn’t revoked.'
