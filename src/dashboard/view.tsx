import { type ReactNode, useEffect, useRef } from 'react'
import { usePiece } from './piece.ts'

interface ViewProps {
  readonly title: string
  /** One line under the title. */
  readonly about?: ReactNode
  /** What can be done here. */
  readonly tools?: ReactNode
  readonly children: ReactNode
}

/** The frame of every view but the live one. Arriving, a screen reader hears the title. On a host's page the frame is its own. */
export function View({ title, about, tools, children }: ViewProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const isPiece = usePiece() !== undefined
  useEffect(() => {
    if (isPiece) return
    document.title = `${title} · Daybook`
    heading.current?.focus({ preventScroll: true })
    return () => {
      document.title = 'Daybook'
    }
  }, [title, isPiece])
  if (isPiece)
    return (
      <section className="page-main" aria-label={title}>
        {children}
      </section>
    )
  return (
    <main className="page view">
      <div className="page-main">
        <header className="view-head">
          <div className="view-title">
            <h2 ref={heading} tabIndex={-1}>
              {title}
            </h2>
            {about && <p className="muted">{about}</p>}
          </div>
          {tools && <div className="view-tools">{tools}</div>}
        </header>
        {children}
      </div>
    </main>
  )
}

/** Nothing to show, and what would change that. */
export const Nothing = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="nothing">
    <h3>{title}</h3>
    <p>{children}</p>
  </section>
)
