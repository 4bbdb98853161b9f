import { computed, reactive, ref, watch } from 'vue'
import type { Problem } from '@/api/types'
import { isPassing, submitRequest, type Pass } from '../api'
import { remember } from '../follow/remembered'
import { newKey } from '../lib/browser'
import { pauseMs } from '../lib/patience'
import { check, emptyDraft, fieldOf, readKept, toBody, writeKept, type Faults, type Field } from './draft'

/**
 * The one request that is being written or sent. It lives beside the pages, so that a request which waits for the network
 * goes out whatever page is open.
 */
const kept = reactive(readKept(localStorage, Date.now()))
/** Texts of faults: of the server as they are, of the page as keys. */
const serverFaults = ref<Partial<Record<Field, string>>>({})
const pageFaults = ref<Faults>({})
const problem = ref<Problem>()
const sent = ref<(Pass & { subject: string }) | undefined>()
const isSending = ref(false)
const isKept = ref(true)
let failures = 0
let timer: ReturnType<typeof setTimeout> | undefined

watch(kept, () => (isKept.value = writeKept(localStorage, kept)), { deep: true, flush: 'sync' })

export const phase = computed(() => {
  if (sent.value) return 'sent'
  if (isSending.value) return 'sending'
  return kept.sending ? 'queued' : 'editing'
})

async function deliver(): Promise<void> {
  const { sending } = kept
  if (!sending || isSending.value) return
  clearTimeout(timer)
  isSending.value = true
  const { data, problem: refused, waitMs } = await submitRequest(sending.body, sending.key)
  isSending.value = false
  if (data) {
    failures = 0
    const { subject } = sending.body
    remember({ ...data, subject })
    kept.sending = null
    Object.assign(kept.draft, emptyDraft())
    problem.value = undefined
    sent.value = { number: data.number, secret: data.secret, subject }
    return
  }
  problem.value = refused
  if (refused && isPassing(refused)) {
    timer = setTimeout(() => void deliver(), pauseMs(failures++, waitMs))
    return
  }
  kept.sending = null
  for (const { pointer, detail } of refused?.errors ?? []) {
    const field = fieldOf(pointer)
    if (field) serverFaults.value[field] = detail
  }
}

/** Sends the draft, unless the page itself sees what is wrong with it. */
async function submit(): Promise<void> {
  serverFaults.value = {}
  problem.value = undefined
  pageFaults.value = check(kept.draft)
  if (Object.keys(pageFaults.value).length > 0) return
  failures = 0
  kept.sending = { key: newKey(), body: toBody(kept.draft), since: Date.now() }
  await deliver()
}

/** Back to the form with everything in it. */
function change(): void {
  clearTimeout(timer)
  kept.sending = null
  problem.value = undefined
}

function clear(): void {
  Object.assign(kept.draft, emptyDraft())
  serverFaults.value = {}
  pageFaults.value = {}
  problem.value = undefined
}

function heal(field: Field): void {
  serverFaults.value = { ...serverFaults.value, [field]: undefined }
  pageFaults.value = { ...pageFaults.value, [field]: undefined }
}

/** Called once: what was left unsent goes out now, and again whenever the network returns. */
export function startSubmission(): void {
  const hurry = () => {
    if (!document.hidden) void deliver()
  }
  window.addEventListener('online', hurry)
  document.addEventListener('visibilitychange', hurry)
  hurry()
}

export function useSubmission() {
  return {
    draft: kept.draft,
    phase,
    sent,
    problem,
    serverFaults,
    pageFaults,
    isKept,
    submit,
    retry: deliver,
    change,
    clear,
    heal,
    another: () => (sent.value = undefined),
  }
}
