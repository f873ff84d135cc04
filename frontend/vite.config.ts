import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

/** Where `palimpsest open --port` listens while one works on the pages with `npm run dev`. */
const studio = 'http://127.0.0.1:8765'

/** The guard lets in only requests that come from its own address, so the development server says it is that. */
const passOn = { target: studio, changeOrigin: true, headers: { origin: studio }, ws: true }

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../palimpsest/web/pages',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
  },
  server: { proxy: { '/api': passOn, '/login': passOn } },
})
