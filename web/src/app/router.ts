import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from '@/modules/session/session.store'
import AbsentPage from './AbsentPage.vue'
import { useAccess } from './access'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name, for the window title. */
    title?: string
    /** No sign-in needed. */
    open?: boolean
    /** Any one of these permissions opens the page; whoever has none is told so. The server refuses them anyway. */
    needs?: readonly string[]
  }
}

const readsTickets = ['ticket_read_all', 'ticket_read_unit']

const routes: RouteRecordRaw[] = [
  // Leads on to the first page that is open to the person; see the guard below.
  { path: '/', name: 'home', component: AbsentPage },
  {
    path: '/sign-in',
    name: 'sign-in',
    meta: { open: true, title: 'session.sign_in.title' },
    component: () => import('@/modules/session/SignInPage.vue'),
  },
  {
    path: '/own-password',
    name: 'own-password',
    meta: { open: true, title: 'session.one_time.title' },
    component: () => import('@/modules/session/OwnPasswordPage.vue'),
  },
  {
    path: '/work/:view?/:ticketId?',
    name: 'work',
    meta: { title: 'app.page.work', needs: readsTickets },
    component: () => import('@/modules/workbench/WorkbenchPage.vue'),
  },
  {
    path: '/slips',
    name: 'slips',
    meta: { title: 'app.page.slips', needs: ['slip_act'] },
    component: () => import('@/modules/slip/SlipsPage.vue'),
  },
  {
    path: '/slips/:id',
    name: 'slip',
    meta: { title: 'app.page.slips', needs: readsTickets },
    component: () => import('@/modules/slip/SlipsPage.vue'),
  },
  {
    path: '/register',
    meta: { title: 'app.page.register', needs: ['ticket_create'] },
    component: () => import('@/modules/registration/RegistrationPage.vue'),
  },
  {
    path: '/tickets',
    meta: { title: 'app.page.tickets', needs: readsTickets },
    component: () => import('@/modules/ticket/TicketsPage.vue'),
  },
  {
    path: '/customers',
    meta: { title: 'app.page.customers', needs: ['customer_read'] },
    component: () => import('@/modules/customer/CustomersPage.vue'),
  },
  {
    path: '/customers/:id',
    meta: { title: 'app.page.customers', needs: ['customer_read'] },
    component: () => import('@/modules/customer/CustomerPage.vue'),
  },
  {
    path: '/knowledge/:kind(scripts)?/:id?',
    name: 'knowledge',
    meta: { title: 'app.page.knowledge', needs: ['article_read'] },
    component: () => import('@/modules/knowledge/KnowledgePage.vue'),
  },
  {
    path: '/follow-ups/:id?',
    name: 'follow-ups',
    meta: { title: 'app.page.follow_ups', needs: readsTickets },
    component: () => import('@/modules/follow_up/FollowUpsPage.vue'),
  },
  {
    path: '/improvements',
    name: 'improvements',
    meta: { title: 'app.page.improvements', needs: ['improvement_act'] },
    component: () => import('@/modules/improvement/ImprovementsPage.vue'),
  },
  {
    path: '/improvements/:id',
    name: 'improvement',
    meta: { title: 'app.page.improvements', needs: ['improvement_act'] },
    component: () => import('@/modules/improvement/ImprovementPage.vue'),
  },
  {
    path: '/figures',
    meta: { title: 'app.page.figures', needs: ['figure_read'] },
    component: () => import('@/modules/report/FiguresPage.vue'),
  },
  {
    path: '/settings/staff',
    meta: { title: 'app.page.staff', needs: ['staff_read'] },
    component: () => import('@/modules/organisation/StaffPage.vue'),
  },
  {
    path: '/settings/policy',
    meta: { title: 'app.page.policy', needs: ['policy_read'] },
    component: () => import('@/modules/policy/PolicyPage.vue'),
  },
  {
    path: '/settings/matrix',
    meta: { title: 'app.page.matrix', needs: ['policy_read'] },
    component: () => import('@/modules/matrix/MatrixPage.vue'),
  },
  {
    path: '/settings/webhooks',
    meta: { title: 'app.page.webhooks', needs: ['webhook_edit'] },
    component: () => import('@/modules/webhook/WebhooksPage.vue'),
  },
  {
    path: '/settings/backups',
    meta: { title: 'app.page.backups', needs: ['backup_manage'] },
    component: () => import('@/modules/backup/BackupsPage.vue'),
  },
  {
    path: '/audit',
    meta: { title: 'app.page.audit', needs: ['audit_read'] },
    component: () => import('@/modules/audit/AuditPage.vue'),
  },
  {
    path: '/tickets/:id',
    name: 'ticket',
    meta: { title: 'app.page.tickets', needs: readsTickets },
    component: () => import('@/modules/ticket/TicketPage.vue'),
  },
  {
    path: '/notices',
    meta: { title: 'notice.title', needs: ['notice_read'] },
    component: () => import('@/modules/notice/NoticesPage.vue'),
  },
  {
    path: '/:rest(.*)*',
    name: 'absent',
    meta: { title: 'app.absent.title' },
    component: AbsentPage,
  },
]

export const router = createRouter({ history: createWebHistory(), routes })

let asked = false

router.beforeEach(async (to) => {
  const session = useSession()
  if (!session.me && !asked) {
    await session.restore()
    asked = true
  }
  if (!session.me)
    return to.meta.open && to.name !== 'own-password'
      ? true
      : { name: 'sign-in', query: to.name === 'home' ? {} : { to: to.fullPath } }
  // A one-time password opens nothing but the way to an own one.
  if (session.me.one_time_until)
    return to.name === 'own-password' ? true : { name: 'own-password', query: { to: to.fullPath } }
  return ['home', 'sign-in', 'own-password'].includes(String(to.name)) ? useAccess(router).home() : true
})
