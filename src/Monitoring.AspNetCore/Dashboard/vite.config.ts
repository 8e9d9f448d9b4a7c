import { defineConfig } from "vitest/config";

// One script and one stylesheet, named by their content. Where the page is mapped is known only when it is served, so
// everything is relative; the server puts a nonce of its own where the placeholder stands.
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  html: { cspNonce: "{nonce}" },
  build: { target: "es2022", modulePreload: false, cssCodeSplit: false, assetsInlineLimit: 4096, emptyOutDir: true },
  // A test compares what can be chosen with a table of the docs.
  server: {
    fs: { allow: [".", "../../../docs"] },
    proxy: { "/api": { target: process.env["API"] ?? "http://127.0.0.1:5080", ws: true } },
  },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
  },
});
