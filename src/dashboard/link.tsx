import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { go, type Params, toHref } from './address.ts'
import { toPlace, usePiece } from './piece.ts'
import { isPlain, PieceLink, type Plain } from './piece-link.tsx'

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: Params
  readonly plain?: Plain
}

export function Link({ to, plain = 'span', ...rest }: LinkProps) {
  const piece = usePiece()
  return piece ? (
    <PieceLink piece={piece} place={toPlace(to)} plain={plain} {...rest} />
  ) : (
    <PageLink to={to} {...rest} />
  )
}

/** A link within the page; with a modifier it opens a tab as any link does. */
function PageLink({ to, children, ...rest }: Omit<LinkProps, 'plain'>) {
  const href = toHref(to)
  function onClick(click: MouseEvent): void {
    if (!isPlain(click)) return
    click.preventDefault()
    go(href)
  }
  return (
    <a href={href} onClick={onClick} {...rest}>
      {children}
    </a>
  )
}
