import type { SVGProps } from 'react'

export const Mark = () => (
  <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect className="mark-cover" x="4" y="2" width="24" height="28" rx="5" />
    <path className="mark-spine" d="M11 2v28" />
    <path className="mark-lines" d="M15.5 10h8M15.5 16h8M15.5 22h4.5" />
  </svg>
)

export const Cross = () => (
  <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M4 4l8 8M12 4l-8 8" />
  </svg>
)

export const Chevron = () => (
  <svg className="icon chevron" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M4.5 6.5 8 10l3.5-3.5" />
  </svg>
)

export const Tick = (props: SVGProps<SVGSVGElement>) => (
  <svg {...props} className="icon tick" viewBox="0 0 16 16" aria-hidden="true">
    <path d="m3.5 8.5 3 3 6-7" />
  </svg>
)
