import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from '@/modules/session/session.store'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name, for the window title. */
    title?: string
    /** No sign-in needed. */
    open?: boolean
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/work' },
  {
    path: '/sign-in',
    name: 'sign-in',
    meta: { open: true, title: 'session.sign_in.title' },
    component: () => import('@/modules/session/SignInPage.vue'),
  },
  {
    path: '/work/:view?/:ticketId?',
    name: 'work',
    meta: { title: 'app.page.work' },
    component: () => import('@/modules/workbench/WorkbenchPage.vue'),
  },
  {
    path: '/register',
    meta: { title: 'app.page.register' },
    component: () => import('@/modules/registration/RegistrationPage.vue'),
  },
  {
    path: '/tickets',
    meta: { title: 'app.page.tickets' },
    component: () => import('@/modules/ticket/TicketsPage.vue'),
  },
  {
    path: '/customers',
    meta: { title: 'app.page.customers' },
    component: () => import('@/modules/customer/CustomersPage.vue'),
  },
  {
    path: '/customers/:id',
    meta: { title: 'app.page.customers' },
    component: () => import('@/modules/customer/CustomerPage.vue'),
  },
  {
    path: '/knowledge/:id?',
    meta: { title: 'app.page.knowledge' },
    component: () => import('@/modules/knowledge/KnowledgePage.vue'),
  },
  {
    path: '/figures',
    meta: { title: 'app.page.figures' },
    component: () => import('@/modules/report/FiguresPage.vue'),
  },
  {
    path: '/settings/staff',
    meta: { title: 'app.page.staff' },
    component: () => import('@/modules/organisation/StaffPage.vue'),
  },
  {
    path: '/settings/policy',
    meta: { title: 'app.page.policy' },
    component: () => import('@/modules/policy/PolicyPage.vue'),
  },
  {
    path: '/tickets/:id',
    name: 'ticket',
    meta: { title: 'app.page.tickets' },
    component: () => import('@/modules/ticket/TicketPage.vue'),
  },
  {
    path: '/notices',
    meta: { title: 'notice.title' },
    component: () => import('@/modules/notice/NoticesPage.vue'),
  },
  {
    path: '/:rest(.*)*',
    name: 'absent',
    meta: { title: 'app.absent.title' },
    component: () => import('./AbsentPage.vue'),
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
  if (to.meta.open) return session.me && to.name === 'sign-in' ? '/work' : true
  return session.me ? true : { name: 'sign-in', query: { to: to.fullPath } }
})
