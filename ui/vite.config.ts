import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { parts } from './parts.mjs';

/** The policy that the desktop app sets. The preview obeys it too, so that what it forbids is seen early. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src ipc: http://ipc.localhost";

/**
 * The samples take the place of Tauri where there is none: under `vite dev` and in the build named `states`.
 */
const SAMPLES = { '@tauri-apps/api/core': new URL('./src/dev/core.ts', import.meta.url).pathname };

export default defineConfig(({ command, mode }) => {
  const samples = mode === 'states' || (command === 'serve' && mode === 'development');
  return {
    plugins: [svelte(), parts()],
    resolve: samples ? { alias: SAMPLES } : {},
    build: {
      target: 'es2022',
      outDir: mode === 'states' ? 'dist-states' : 'dist',
      modulePreload: false,
      assetsInlineLimit: 0,
    },
    // The messages are beside the pages, not below them.
    server: { fs: { allow: ['..'] } },
    preview: { headers: { 'Content-Security-Policy': POLICY } },
    test: { include: ['src/**/*.test.ts'] },
  };
});
