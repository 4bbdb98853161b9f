import { onScopeDispose, ref, shallowRef, type Ref } from 'vue'

/**
 * The page's only clocks. Two shared refs instead of a timer per badge; both stop while the tab is hidden, and the
 * fast one runs only while somebody shows seconds. Times are the server's: its clock decides what is late.
 */
const offsetMs = ref(0)
const slow = shallowRef(Date.now())
const fast = shallowRef(Date.now())
let slowTimer: ReturnType<typeof setInterval> | undefined
let fastTimer: ReturnType<typeof setInterval> | undefined
let slowUsers = 0
let fastUsers = 0

const slowMs = 30_000
const fastMs = 1_000

export function serverNow(): number {
  return Date.now() + offsetMs.value
}

/** From `server_time` of the answers that carry it; half a second of travelling is not worth a jump. */
export function learnServerTime(serverMs: number): void {
  const offset = serverMs - Date.now()
  if (Number.isNaN(offset) || Math.abs(offset - offsetMs.value) <= 500) return
  offsetMs.value = offset
  tick()
}

function tick(): void {
  slow.value = serverNow()
  fast.value = serverNow()
}

function arrange(): void {
  const visible = !document.hidden
  if (visible && slowUsers > 0) slowTimer ??= setInterval(() => (slow.value = serverNow()), slowMs)
  else slowTimer = void clearInterval(slowTimer)
  if (visible && fastUsers > 0) fastTimer ??= setInterval(() => (fast.value = serverNow()), fastMs)
  else fastTimer = void clearInterval(fastTimer)
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) tick()
  arrange()
})

/** Server time in steps of half a minute. */
export function useSlowClock(): Readonly<Ref<number>> {
  slowUsers++
  if (slowUsers === 1) slow.value = serverNow()
  arrange()
  onScopeDispose(() => {
    slowUsers--
    arrange()
  })
  return slow
}

/** Server time by the second; call `release` as soon as seconds are no longer shown. */
export function holdFastClock(): { now: Readonly<Ref<number>>; release: () => void } {
  fastUsers++
  if (fastUsers === 1) fast.value = serverNow()
  arrange()
  let held = true
  const release = () => {
    if (!held) return
    held = false
    fastUsers--
    arrange()
  }
  return { now: fast, release }
}
