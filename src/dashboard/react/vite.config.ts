import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { scopeStyles } from './scope-styles.ts'

/** A refusal must be of the same class as the host's, so the client stays one module. */
const sharedClient: Plugin = {
  name: 'shared-client',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('/client/client.ts') ? { id: '../src/client/client.js', external: true } : null),
}

/** Not in the source itself, whose types would then name a file that is not in the package. */
const withStyles: Plugin = {
  name: 'with-styles',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('/react.tsx') ? `import './react.css'\n${code}` : null),
}

export default defineConfig({
  plugins: [react(), sharedClient, withStyles],
  css: { postcss: { plugins: [scopeStyles] } },
  build: {
    outDir: '../../../dist/react',
    emptyOutDir: true,
    lib: { entry: 'react.tsx', formats: ['es'], fileName: 'react', cssFileName: 'react' },
    rollupOptions: {
      external: /^react(-dom)?(\/|$)/,
      output: { banner: "'use client'" },
      // Otherwise a comment before each module names its path, from this folder to where `node_modules` really is.
      experimental: { attachDebugInfo: 'none' },
    },
  },
})
