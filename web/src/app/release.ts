import { ref } from 'vue'
import type { Router } from 'vue-router'

/** A part of the page could not be loaded because the server has a newer release. The person decides when to reload. */
export const newRelease = ref(false)

const chunkFailure = /dynamically imported module|Importing a module script failed|error loading dynamically/i

export function watchForNewRelease(router: Router): void {
  window.addEventListener('vite:preloadError', (event) => {
    event.preventDefault()
    newRelease.value = true
  })
  router.onError((cause: unknown) => {
    if (cause instanceof Error && chunkFailure.test(cause.message)) newRelease.value = true
  })
}
