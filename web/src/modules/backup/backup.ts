import type { BackupRun, BackupStatus } from '@/api'

/** How things stand, in one word: what the page says first. */
export type Standing = 'unset' | 'none' | 'overdue' | 'failing' | 'good'

/** @param runs newest first */
export function standingOf(status: BackupStatus, runs: readonly BackupRun[]): Standing {
  if (!status.is_configured) return 'unset'
  if (status.is_overdue) return 'overdue'
  if (lastFailed(runs, 'backup') || lastFailed(runs, 'drill')) return 'failing'
  return status.verified ? 'good' : 'none'
}

/** Whether the last one of a kind that ended has failed. */
export function lastFailed(runs: readonly BackupRun[], kind: BackupRun['kind']): boolean {
  return runs.find((run) => run.kind === kind && run.ended_at)?.state === 'failed'
}

/** How long it took, in milliseconds; nothing while it goes on. */
export function tookOf(run: BackupRun): number | undefined {
  if (!run.started_at || !run.ended_at) return undefined
  return Date.parse(run.ended_at) - Date.parse(run.started_at)
}

/** How a row looks: `verified` is more than `succeeded`. */
export function lookOf(run: BackupRun): 'waiting' | 'running' | 'failed' | 'verified' | 'made' | 'removed' {
  if (run.state === 'requested') return 'waiting'
  if (run.state === 'running') return 'running'
  if (run.state === 'failed') return 'failed'
  if (run.kind === 'drill' || (run.verified_at && !run.removed_at)) return 'verified'
  return run.removed_at ? 'removed' : 'made'
}
