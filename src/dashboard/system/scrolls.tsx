import type { ReactNode } from 'react'

/** A table that may be wider than the page: it is scrolled by keyboard, too. */
export const Scrolls = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus
  <section className="card scrolls" aria-label={label} tabIndex={0}>
    {children}
  </section>
)
