import { useEffect, useState } from 'react'

const TOLD_MS = 2000

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [told, setTold] = useState('')
  useEffect(() => {
    if (!told) return
    const timer = setTimeout(() => setTold(''), TOLD_MS)
    return () => clearTimeout(timer)
  }, [told])
  return (
    <button
      type="button"
      className="quiet copy"
      onClick={() => void copy(text).then((isCopied) => setTold(isCopied ? 'Copied' : 'The browser refused'))}
    >
      <span aria-live="polite">{told || label}</span>
    </button>
  )
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

/** On plain HTTP beyond localhost browsers have no clipboard object, but still copy what is selected. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'for-screen-readers'
  document.body.append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  return isCopied
}
