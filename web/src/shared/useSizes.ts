import { settings } from './settings'

/** Sizes and shares in the reader's language. */
export function useSizes() {
  return {
    bytes(count: number): string {
      const [value, unit] = count < 1_000_000 ? [count / 1000, 'kilobyte'] : [count / 1_000_000, 'megabyte']
      return new Intl.NumberFormat(settings.value.language, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: 1,
      }).format(value)
    },
    percent: (share: number) =>
      new Intl.NumberFormat(settings.value.language, { style: 'percent', maximumFractionDigits: 1 }).format(share),
  }
}
