import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

// GUANXI_API lets a developer point the page at another server than the one of `make dev`.
const api = process.env.GUANXI_API ?? 'http://127.0.0.1:8080'

/** Bytes of script, gzipped, that may come before the home page is drawn: the entry, the home page and all they import. */
const FIRST_LOAD = 320_000

/** The build fails where the first load is over its budget: one import of a whole index brings every date picker along. */
const firstLoad = (): Plugin => ({
  name: 'first-load',
  apply: 'build',
  generateBundle(_, bundle) {
    const sizes = new Map<string, number>()
    const take = (file: string) => {
      const chunk = bundle[file]
      if (chunk?.type !== 'chunk' || sizes.has(file)) return
      sizes.set(file, gzipSync(chunk.code).length)
      chunk.imports.forEach(take)
    }
    const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
    const home = chunks.find((one) => one.facadeModuleId?.endsWith('/src/modules/home/index.ts'))
    if (!home)
      this.error('The home page has no file of its own any more: look anew at what the first load is.')
    for (const one of [...chunks.filter((c) => c.isEntry), home]) take(one.fileName)
    const sum = [...sizes.values()].reduce((a, b) => a + b, 0)
    const largest = [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 5)
    const text = `First load: ${sum} bytes gzip in ${sizes.size} scripts, ${FIRST_LOAD} allowed`
    if (sum > FIRST_LOAD) this.error(`${text}. Largest: ${largest.map((l) => l.join(' ')).join(', ')}`)
    this.info(text)
  },
})

export default defineConfig({
  plugins: [react(), firstLoad()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    host: '127.0.0.1',
    port: 5173,
    // The browser's Origin is rewritten too: the server refuses changes whose Origin is not its own.
    proxy: { '/api': { target: api, changeOrigin: true, headers: { origin: api } } },
  },
  build: {
    target: 'es2023',
    sourcemap: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What is needed before any page comes as one file: fewer requests, and it packs better than in pieces. Forms,
          // pickers and tables come with the pages that need them.
          groups: [{ name: 'base', test: /node_modules/, tags: ['$initial'] }],
        },
      },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/test-setup.ts'] },
})
