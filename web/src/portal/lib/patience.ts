const calmMs = 15_000
const longestMs = 4 * 60_000

/**
 * How long to wait before asking the server again.
 * @param failures  tries in a row that brought nothing; 0 after a good answer
 * @param askedForMs  what the server asked us to wait (`Retry-After`), if it did
 */
export function pauseMs(failures: number, askedForMs = 0): number {
  return Math.max(askedForMs, Math.min(longestMs, calmMs * 2 ** Math.min(failures, 10)))
}

/** @returns the wait of a `Retry-After` header in seconds, as ms; 0 when there is none */
export function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0
}
