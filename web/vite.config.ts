import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// GUANXI_API lets a developer point the page at another server than the one of `make dev`.
const api = process.env.GUANXI_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
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
          // What nearly every part needs comes as one file: fewer requests, and it packs better than in pieces.
          groups: [{ name: 'base', test: /node_modules/, minShareCount: 18 }],
        },
      },
    },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/test-setup.ts'] },
})
