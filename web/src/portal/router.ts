import { createRouter, createWebHistory } from 'vue-router'
import AbsentPage from './AbsentPage.vue'
import FollowPage from './follow/FollowPage.vue'
import RequestPage from './request/RequestPage.vue'
import StartPage from './start/StartPage.vue'
import NewPage from './submit/NewPage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name, for the window title. */
    title?: string
  }
}

// All pages come at once: whoever loses the network on the way through the form can go on.
export const router = createRouter({
  history: createWebHistory('/p/'),
  routes: [
    { path: '/', component: StartPage },
    { path: '/new', component: NewPage, meta: { title: 'portal.new.title' } },
    { path: '/follow', component: FollowPage, meta: { title: 'portal.follow.title' } },
    // The secret is the fragment, which browsers never send and no log ever sees.
    { path: '/r/:number', component: RequestPage, meta: { title: 'portal.step.line' } },
    { path: '/:rest(.*)*', component: AbsentPage, meta: { title: 'portal.state.absent_title' } },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})
