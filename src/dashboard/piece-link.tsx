import type { AnchorHTMLAttributes, KeyboardEvent, MouseEvent } from 'react'
import { type Piece, type Place, toWay } from './piece.ts'

interface PieceLinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly piece: Piece
  readonly place: Place
  readonly plain: Plain
}

/** What stands for a link that leads nowhere: in a drawing a part of it. */
export type Plain = 'span' | 'g'

/** A link to a page of the host's; its mere content where there is no such page. */
export function PieceLink({ piece, place, plain: Plain, children, ...rest }: PieceLinkProps) {
  const way = toWay(piece, place)
  if (!way)
    return (
      <Plain className={rest.className} data-nowhere="true" {...toImage(rest['aria-label'])}>
        {children}
      </Plain>
    )
  function open(event: MouseEvent | KeyboardEvent): void {
    event.preventDefault()
    way?.open()
  }
  const byPointer = (click: MouseEvent) => piece.onOpen && isPlain(click) && open(click)
  if (way.href !== undefined)
    return (
      <a href={way.href} onClick={byPointer} {...rest}>
        {children}
      </a>
    )
  return (
    // biome-ignore lint/a11y/useValidAnchor: the host has no address for it, but looks like the other links
    <a role="link" tabIndex={0} onClick={open} onKeyDown={(press) => press.key === 'Enter' && open(press)} {...rest}>
      {children}
    </a>
  )
}

/** Without a key that asks for a tab, a window or a download. */
export const isPlain = (click: MouseEvent): boolean =>
  !click.metaKey && !click.ctrlKey && !click.shiftKey && !click.altKey && click.button === 0

/** Only what has a role can be named. */
const toImage = (label: string | undefined) => label !== undefined && { role: 'img', 'aria-label': label }
