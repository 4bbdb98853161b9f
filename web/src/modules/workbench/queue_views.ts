import type { Counts } from '@/api'

const queueViews = ['mine', 'inbox', 'unit', 'overdue', 'all'] as const
export type QueueView = (typeof queueViews)[number]
type May = (permission: string) => boolean

/** The tabs of the queue that can hold something for this person; whoever only reads gets all that they may see instead. */
export function viewsFor(may: May): QueueView[] {
  const suits: Record<QueueView, boolean> = {
    mine: may('ticket_act'),
    inbox: may('ticket_respond'),
    unit: true,
    overdue: true,
    all: !may('ticket_act'),
  }
  return queueViews.filter((view) => suits[view])
}

export function firstView(views: readonly QueueView[]): QueueView {
  return views.includes('mine') ? 'mine' : 'overdue'
}

/** Where there is something to do: first one's own, then what one answers for most. @returns undefined when nowhere */
export function busiestView(views: readonly QueueView[], counts: Counts, may: May): QueueView | undefined {
  const order: QueueView[] = may('ticket_act_for_others')
    ? ['mine', 'overdue', 'inbox', 'unit']
    : ['mine', 'inbox', 'overdue', 'unit']
  const found = order.find((view) => views.includes(view) && view !== 'all' && counts[view] > 0)
  return found ?? views.find((view) => view === 'all')
}
