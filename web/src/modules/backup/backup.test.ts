import { describe, expect, it } from 'vitest'
import type { BackupRun, BackupStatus } from '@/api'
import { lastFailed, lookOf, standingOf, tookOf } from './backup'

const run = (over: Partial<BackupRun>): BackupRun => ({
  id: '0',
  kind: 'backup',
  state: 'succeeded',
  cause: 'schedule',
  requested_by: null,
  requested_at: '2026-01-05T02:30:00.000Z',
  started_at: '2026-01-05T02:30:00.000Z',
  ended_at: '2026-01-05T02:31:30.000Z',
  backup: 'x',
  made_at: '2026-01-05T02:30:00.000Z',
  size_bytes: 1,
  added_bytes: 1,
  files_count: 1,
  tickets_count: 1,
  is_encrypted: false,
  verified_at: null,
  removed_at: null,
  failure: null,
  detail: null,
  ...over,
})
const status = (over: Partial<BackupStatus>): BackupStatus => ({
  is_configured: true,
  is_encrypted: true,
  verified: run({}),
  newest: run({}),
  is_overdue: false,
  overdue_at: null,
  next_backup_at: null,
  next_drill_at: null,
  open: [],
  ...over,
})

describe('B10 how backups stand', () => {
  const failed = run({ state: 'failed', failure: 'disk_full' })
  it.each([
    ['good', status({}), [run({}), failed]],
    ['failing', status({}), [run({ ended_at: null, state: 'running' }), failed, run({})]],
    ['failing', status({}), [run({}), run({ kind: 'drill', state: 'failed' })]],
    ['overdue', status({ is_overdue: true }), [failed]],
    ['none', status({ verified: null }), []],
    ['unset', status({ is_configured: false, is_overdue: true }), []],
  ] as const)('is %s', (expected, status, runs) => {
    expect(standingOf(status, runs)).toBe(expected)
  })

  it('asks only for the last one that ended', () => {
    expect(lastFailed([run({}), failed], 'backup')).toBe(false)
    expect(lastFailed([failed, run({})], 'backup')).toBe(true)
    expect(lastFailed([], 'drill')).toBe(false)
  })
})

it('tells how a run looks and how long it took', () => {
  expect(lookOf(run({ state: 'requested' }))).toBe('waiting')
  expect(lookOf(run({ state: 'running' }))).toBe('running')
  expect(lookOf(run({ state: 'failed' }))).toBe('failed')
  expect(lookOf(run({}))).toBe('made')
  expect(lookOf(run({ verified_at: '2026-01-06T00:00:00.000Z' }))).toBe('verified')
  expect(lookOf(run({ verified_at: '2026-01-06T00:00:00.000Z', removed_at: '2026-02-06T00:00:00.000Z' }))).toBe(
    'removed',
  )
  expect(lookOf(run({ kind: 'drill' }))).toBe('verified')
  expect(tookOf(run({}))).toBe(90_000)
  expect(tookOf(run({ ended_at: null }))).toBeUndefined()
})
