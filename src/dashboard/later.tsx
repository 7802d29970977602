import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'

/** A view whose code is loaded when somebody goes there: those with charts are not for the first sight. */
export function later(load: () => Promise<ComponentType>): () => ReactNode {
  const View = lazy(() => load().then(toDefault, () => toDefault(NotLoaded)))
  return () => (
    <Suspense fallback={<p className="page reading">Reading…</p>}>
      <View />
    </Suspense>
  )
}

const toDefault = (View: ComponentType) => ({ default: View })

/** After an update of Daybook the files of the page that is open are gone. */
const NotLoaded = () => (
  <main className="page">
    <div className="notice" role="alert">
      <p>This view couldn’t be loaded. Daybook is away, or was updated since this page was opened.</p>
      <button type="button" onClick={() => location.reload()}>
        Load the page again
      </button>
    </div>
  </main>
)
