import { describe, expect, it } from 'vitest'
import type { MatrixRow } from '@/api'
import { bodyOf, chosenOf, contains, formOf, groupsOf, remarksOf, stateOf } from './matrix'

const none = { L1: null, L2: null, L3: null }
const row = (more: Partial<MatrixRow> = {}): MatrixRow => ({
  id: 'r1',
  version: 1,
  class: null,
  category: null,
  area: null,
  merchant: null,
  lead_unit: { id: 'u1', name: '综合协调部' },
  lead_staff: null,
  cooperating: [],
  teller_unit: null,
  slip_plan: none,
  slip_complete: none,
  comment: null,
  updated_at: '2026-01-05T01:00:00.000Z',
  author: null,
  retired_at: null,
  faults: [],
  ...more,
})

describe('D4 the table', () => {
  it('groups rows by class, those for any class last, general ones first', () => {
    const rows = [
      row({ id: 'any' }),
      row({ id: 'parking', class: 'consultation', category: 'parking' }),
      row({ id: 'complaint', class: 'complaint' }),
      row({ id: 'merchants', class: 'consultation', merchant: { id: 'm', name: '味知轩' } }),
      row({ id: 'consultation', class: 'consultation' }),
    ]
    expect(groupsOf(rows).map((group) => [group.class, group.rows.map(({ id }) => id)])).toEqual([
      ['consultation', ['consultation', 'merchants', 'parking']],
      ['complaint', ['complaint']],
      [null, ['any']],
    ])
    expect(groupsOf([])).toEqual([])
  })

  it('finds rows by what they name', () => {
    const quality = row({
      cooperating: [{ unit: { id: 'u2', name: '生产部' }, duty: '分析原因' }],
      comment: 'Quality first',
    })
    for (const text of ['', '  ', '生产', '原因', 'QUALITY', '协调', '产品质量'])
      expect(contains(quality, text, '投诉 · 产品质量'), text).toBe(true)
    expect(contains(quality, '停车', '投诉 · 产品质量')).toBe(false)
  })

  it('says in which state a row is', () => {
    const fault = { code: 'unit_closed', part: 'lead_unit', unit: null, staff: null } as const
    expect(stateOf(row())).toBe('valid')
    expect(stateOf(row({ faults: [fault] }))).toBe('faulty')
    expect(stateOf(row({ faults: [fault], retired_at: '2026-01-05T01:00:00.000Z' }))).toBe('retired')
  })
})

describe('D4 the form', () => {
  const full = row({
    class: 'complaint',
    category: 'product_quality',
    area: { id: 'a', name: '河湾片区' },
    merchant: { id: 'm', name: '味知轩' },
    lead_staff: { id: 's', name: '吴敏芝' },
    cooperating: [{ unit: { id: 'u2', name: '生产部' }, duty: '分析原因' }],
    teller_unit: { id: 'u3', name: '售后服务部' },
    slip_plan: { L1: 'PT15M', L2: null, L3: null },
    slip_complete: { L1: null, L2: null, L3: 'P3WD' },
    comment: '说明',
  })

  it('sends back what it was given', () => {
    expect(bodyOf(formOf(full))).toEqual({
      class: 'complaint',
      category: 'product_quality',
      area_id: 'a',
      merchant_id: 'm',
      lead_unit_id: 'u1',
      lead_staff_id: 's',
      cooperating: [{ unit_id: 'u2', duty: '分析原因' }],
      teller_unit_id: 'u3',
      slip_plan: { L1: 'PT15M', L2: null, L3: null },
      slip_complete: { L1: null, L2: null, L3: 'P3WD' },
      comment: '说明',
    })
  })

  it('sends nothing for what is empty', () => {
    expect(bodyOf({ ...formOf(), lead_unit_id: 'u1', comment: '  ' })).toEqual({
      class: null,
      category: null,
      area_id: null,
      merchant_id: null,
      lead_unit_id: 'u1',
      lead_staff_id: null,
      cooperating: [],
      teller_unit_id: null,
      slip_plan: none,
      slip_complete: none,
      comment: null,
    })
  })

  it('puts each remark at its place, and what has none apart', () => {
    const errors = ['/lead_unit_id', '/cooperating/0/duty', '/cooperating/7/duty', '/slip_plan/L2'].map((pointer) => ({
      pointer,
      code: 'required',
      detail: pointer,
    }))
    const { at, rest } = remarksOf(errors, formOf(full))
    expect(Object.keys(at)).toEqual(['/lead_unit_id', '/cooperating/0/duty', '/slip_plan/L2'])
    expect(rest).toEqual(['/cooperating/7/duty'])
    expect(remarksOf(undefined, formOf())).toEqual({ at: {}, rest: [] })
  })
})

it('D4 the candidate that is followed need not be the first', () => {
  const candidate = (row_id: string, outcome: 'proposed' | 'faulty' | 'less_specific') => ({
    row_id,
    outcome,
    matched: [],
    lead_unit: null,
    faults: [],
  })
  const proposal = {
    matter: { class: null, category: null, area: null, merchant: null, grade: null },
    row_id: 'b',
    lead_unit: null,
    lead_staff: null,
    cooperating: [],
    teller_unit: null,
    slip_plan: null,
    slip_complete: null,
    comment: null,
    candidates: [candidate('a', 'faulty'), candidate('b', 'proposed'), candidate('c', 'less_specific')],
  }
  expect(chosenOf(proposal)?.row_id).toBe('b')
  expect(chosenOf({ ...proposal, candidates: [] })).toBeUndefined()
})
