import type { IconName } from '@/shared/ui/icons'

export interface PageLink {
  id: string
  to: string
  icon: IconName
  keys: string
}

/** The rail, the `G …` keys and the palette, in this order. */
export const pageLinks: PageLink[] = [{ id: 'work', to: '/work', icon: 'desk', keys: 'g w' }]
