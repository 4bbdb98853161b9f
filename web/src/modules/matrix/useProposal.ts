import { toValue, type MaybeRefOrGetter } from 'vue'
import { api } from '@/api'
import { useResource } from '@/shared/useResource'

/** Who would get a ticket as it stands, by the responsibility matrix; asked again when the ticket is another one. */
export function useProposal(ticketId: MaybeRefOrGetter<string | undefined>) {
  const { data, problem, loading, reload } = useResource(
    () => toValue(ticketId) || undefined,
    (id) => api.GET('/tickets/{id}/proposal', { params: { path: { id } } }),
  )
  return { proposal: data, problem, loading, reload }
}
