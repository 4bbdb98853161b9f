/** A limit of the policy: `PT30M`, `PT2H`, `P1D` of natural time; `PT2H/W`, `P1WD` of working time. */
export interface Limit {
  amount: number
  unit: 'minutes' | 'hours' | 'days' | 'working_minutes' | 'working_hours' | 'working_days'
}

const forms: [RegExp, Limit['unit'], number][] = [
  [/^P(\d+)WD$/, 'working_days', 1],
  [/^PT(\d+)H\/W$/, 'working_hours', 1],
  [/^PT(\d+)M\/W$/, 'working_minutes', 1],
  [/^P(\d+)D$/, 'days', 1],
  [/^PT(\d+)H$/, 'hours', 1],
  [/^PT(\d+)M$/, 'minutes', 1],
]

/** @returns undefined for a form that is not among the simple ones; it is then shown and edited as text */
export function readLimit(text: string): Limit | undefined {
  for (const [form, unit] of forms) {
    const match = form.exec(text)
    if (match) return { amount: Number(match[1]), unit }
  }
  return undefined
}

export function writeLimit({ amount, unit }: Limit): string {
  const written = {
    minutes: `PT${amount}M`,
    hours: `PT${amount}H`,
    days: `P${amount}D`,
    working_minutes: `PT${amount}M/W`,
    working_hours: `PT${amount}H/W`,
    working_days: `P${amount}WD`,
  }
  return written[unit]
}
