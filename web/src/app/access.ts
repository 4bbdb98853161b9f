import { useRouter, type RouteLocationRaw, type Router } from 'vue-router'
import { useSession } from '@/modules/session/session.store'
import { pageLinks } from './shell/pages'

/** Which pages are open to the signed-in person: a hint for menus and addresses, never instead of the server's answer. */
export function useAccess(router: Router = useRouter()) {
  const session = useSession()
  const holdsAny = (needs: readonly string[] | undefined) => !needs || needs.some((one) => session.may(one))
  const mayOpen = (to: RouteLocationRaw) => holdsAny(router.resolve(to).meta.needs)
  const links = () => pageLinks.filter(({ to }) => mayOpen(to))
  /** Where somebody's work begins: who takes no calls begins with what the unit has been handed. */
  const home = () => (session.may('slip_act') && !session.may('ticket_create') ? '/slips' : (links()[0]?.to ?? '/work'))
  return { holdsAny, mayOpen, links, home }
}
