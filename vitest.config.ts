/** Unit tests lie beside what they test; properties of the whole lie in properties/. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    setupFiles: ['properties/seed.ts'],
    include: ['src/**/*.test.ts', 'properties/**/*.test.ts'],
    // Most tests are pure arithmetic, and fill a processor each; a third thread has two busy while another's tests wait for processes.
    pool: 'threads',
    maxWorkers: 3,
    // Nothing here keeps state in modules; to load them anew for each file would cost more than most files' tests.
    isolate: false,
    testTimeout: 60_000,
    // To remove an installed package alone takes a slow disk more than the usual ten seconds.
    hookTimeout: 60_000,
  },
})
