import type { IconName } from '@/shared/ui/icons'

export interface PageLink {
  id: string
  to: string
  icon: IconName
  keys: string
  /** Hidden from those who lack it; the server refuses them anyway. */
  permission?: string
}

/** The rail, the `G …` keys and the palette, in this order. */
export const pageLinks: PageLink[] = [
  { id: 'work', to: '/work', icon: 'desk', keys: 'g w' },
  { id: 'tickets', to: '/tickets', icon: 'list', keys: 'g t' },
  { id: 'register', to: '/register', icon: 'phone', keys: 'g r', permission: 'ticket_create' },
  { id: 'customers', to: '/customers', icon: 'people', keys: 'g c', permission: 'customer_read' },
  { id: 'knowledge', to: '/knowledge', icon: 'book', keys: 'g k', permission: 'article_read' },
  { id: 'figures', to: '/figures', icon: 'chart', keys: 'g f', permission: 'figure_read' },
  { id: 'policy', to: '/settings/policy', icon: 'sliders', keys: 'g p', permission: 'policy_read' },
  { id: 'staff', to: '/settings/staff', icon: 'building', keys: 'g s', permission: 'staff_read' },
]
