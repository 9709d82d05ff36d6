import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  /** Where `npm run dev` finds a running Materi; the built page is served by the gateway itself. */
  const server = loadEnv(mode, '.', 'MATERI_')['MATERI_URL'] ?? 'http://127.0.0.1:8080';
  return {
    build: {
      target: 'es2022',
      // The page's policy allows no inline script; assets stay files so that it can stay that way.
      assetsInlineLimit: 0,
      // The editor is one lazy chunk of about 600 kB (190 kB compressed), loaded after the first paint.
      chunkSizeWarningLimit: 650,
      modulePreload: { polyfill: false },
    },
    server: {
      host: '127.0.0.1',
      proxy: {
        '/api': server,
        '/collab': { target: server, ws: true },
      },
    },
  };
});
