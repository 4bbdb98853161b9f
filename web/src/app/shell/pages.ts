import type { IconName } from '@/shared/ui/icons'

export interface PageLink {
  id: string
  /** What opens the page is told by its route (`meta.needs`). */
  to: string
  icon: IconName
  keys: string
}

/** The rail, the `G …` keys and the palette, in this order; the first one that is open is where a person begins. */
export const pageLinks: PageLink[] = [
  { id: 'work', to: '/work', icon: 'desk', keys: 'g w' },
  { id: 'slips', to: '/slips', icon: 'inbox', keys: 'g d' },
  { id: 'tickets', to: '/tickets', icon: 'list', keys: 'g t' },
  { id: 'register', to: '/register', icon: 'phone', keys: 'g r' },
  { id: 'follow_ups', to: '/follow-ups', icon: 'refresh', keys: 'g v' },
  { id: 'customers', to: '/customers', icon: 'people', keys: 'g c' },
  { id: 'knowledge', to: '/knowledge', icon: 'book', keys: 'g k' },
  { id: 'improvements', to: '/improvements', icon: 'flag', keys: 'g i' },
  { id: 'figures', to: '/figures', icon: 'chart', keys: 'g f' },
  { id: 'policy', to: '/settings/policy', icon: 'sliders', keys: 'g p' },
  { id: 'matrix', to: '/settings/matrix', icon: 'branch', keys: 'g m' },
  { id: 'staff', to: '/settings/staff', icon: 'building', keys: 'g s' },
  { id: 'webhooks', to: '/settings/webhooks', icon: 'send', keys: 'g h' },
  { id: 'backups', to: '/settings/backups', icon: 'archive', keys: 'g b' },
  { id: 'audit', to: '/audit', icon: 'history', keys: 'g a' },
]
