import { CSPProvider } from '@base-ui/react/csp-provider'
import { StrictMode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'

const root = document.getElementById('app')
if (root) {
  const page = (
    <StrictMode>
      {/* The page's policy allows no style in markup. */}
      <CSPProvider disableStyleElements>
        <App />
      </CSPProvider>
    </StrictMode>
  )
  // Before the page counts as loaded: who leaves it then keeps the key that the address brought.
  flushSync(() => createRoot(root).render(page))
}
