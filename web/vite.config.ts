import { fileURLToPath } from 'node:url'
import vueI18n from '@intlify/unplugin-vue-i18n/vite'
import vue from '@vitejs/plugin-vue'
import type { Connect, Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Two pages, one folder: `/p/...` is the customer's, everything else the console (the server does the same). */
function pages(): Plugin {
  const rewrite: Connect.NextHandleFunction = (request, _response, next) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const isPage =
      !path.startsWith('/api/') && !path.startsWith('/@') && !path.slice(path.lastIndexOf('/')).includes('.')
    if (isPage && (path === '/p' || path.startsWith('/p/'))) request.url = '/portal.html'
    else if (isPage) request.url = '/index.html'
    next()
  }
  return {
    name: 'shouwen-pages',
    configureServer: (server) => void server.middlewares.use(rewrite),
    configurePreviewServer: (server) => void server.middlewares.use(rewrite),
  }
}

const backend = process.env.SHOUWEN_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  appType: 'mpa',
  resolve: { alias: { '@': here('./src') } },
  plugins: [
    vue(),
    // Messages are compiled here: a stray `@` or `{` fails the build instead of blanking a page.
    vueI18n({
      include: [here('./src/**/locales/*.json')],
      runtimeOnly: true,
      dropMessageCompiler: true,
      strictMessage: true,
    }),
    pages(),
  ],
  server: { proxy: { '/api': { target: backend, ws: true, changeOrigin: true } } },
  build: {
    manifest: true,
    target: 'es2020', // the customer's page also runs in older phone web views
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: { index: here('./index.html'), portal: here('./portal.html') } },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
  },
})
