import 'react'

declare module 'react' {
  interface CSSProperties {
    '--trace-hue'?: number
  }
}
