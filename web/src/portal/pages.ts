import type { Component } from 'vue'
import AbsentPage from './AbsentPage.vue'
import FollowPage from './follow/FollowPage.vue'
import RequestPage from './request/RequestPage.vue'
import StartPage from './start/StartPage.vue'
import NewPage from './submit/NewPage.vue'

export interface Page {
  at: RegExp
  component: Component
  /** Key of the page's name, for the window title. */
  title?: string
}

// All pages come at once: whoever loses the network on the way through the form can go on.
const pages: Page[] = [
  { at: /^\/$/, component: StartPage },
  { at: /^\/new$/, component: NewPage, title: 'portal.new.title' },
  { at: /^\/follow$/, component: FollowPage, title: 'portal.follow.title' },
  { at: /^\/r\/[^/]+$/, component: RequestPage, title: 'portal.step.line' },
]
const absent: Page = { at: /./, component: AbsentPage, title: 'portal.state.absent_title' }

export const pageAt = (path: string): Page => pages.find(({ at }) => at.test(path)) ?? absent
