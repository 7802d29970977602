import { CopyButton } from '../copy-button.tsx'

const LINES = `import { eventLogging } from 'daybook'
const logging = eventLogging()
app.use(logging)`

/** The first thing a newcomer sees when nothing has happened yet. */
export function EmptyPage() {
  const curl = `curl '${location.origin}/demo/hello?name=you'`
  return (
    <section className="empty">
      <div className="empty-text">
        <h2>Nothing has happened yet</h2>
        <p>Make a request to the example app and watch it arrive here:</p>
        <Snippet text={curl} label="Copy" />
        <p>In your own app, three lines capture every request:</p>
        <Snippet text={LINES} label="Copy" />
      </div>
    </section>
  )
}

/** Before the first answer. */
export const Loading = ({ isRefused }: { readonly isRefused: boolean }) => (
  <section className="empty">
    <div className="empty-text">
      <h2>{isRefused ? 'Nothing to read yet' : 'Reading the latest events…'}</h2>
      <p className={isRefused ? undefined : 'late'}>
        {isRefused
          ? 'The events appear here as soon as they can be read.'
          : 'On its first start the database takes a few seconds. Nothing is missed meanwhile.'}
      </p>
    </div>
  </section>
)

export const NoMatch = ({ onClear }: { readonly onClear: () => void }) => (
  <section className="empty">
    <div className="empty-text">
      <h2>No event matches these filters</h2>
      <p>New events that match will appear here.</p>
      <button type="button" className="empty-clear" onClick={onClear}>
        Clear filters
      </button>
    </div>
  </section>
)

const Snippet = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <div className="snippet">
    <pre>{text}</pre>
    <CopyButton text={text} label={label} />
  </div>
)
