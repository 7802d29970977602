import type { ErrorRow } from '../client.ts'

interface StackProps {
  readonly error: ErrorRow
  readonly stack: string
}

/** The app's own frames first; those of packages and of Node below, folded. */
export function Stack({ error, stack }: StackProps) {
  const frames = stack.split('\n').filter((line) => /^\s*at /.test(line))
  const told = error.detail?.own_frames
  const own = Array.isArray(told) ? told.map(String) : frames.filter(isOwn)
  const others = frames.map((frame) => frame.trim()).filter((frame) => !own.includes(frame))
  return (
    <section className="detail-part">
      <h3>Stack</h3>
      {own.length > 0 && (
        <ol className="frames">
          {own.map((frame) => (
            <li key={frame}>{frame.trim()}</li>
          ))}
        </ol>
      )}
      <details open={own.length === 0}>
        <summary>{others.length > 0 ? `${others.length} frames of packages and of Node` : 'As it was written'}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long text scrolls by keyboard too */}
        <pre tabIndex={0}>{others.length > 0 ? others.join('\n') : stack}</pre>
      </details>
    </section>
  )
}

const isOwn = (frame: string): boolean => !/node_modules|node:|<anonymous>/.test(frame)
