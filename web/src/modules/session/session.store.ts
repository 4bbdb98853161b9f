import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, context, type Me, type Problem } from '@/api'
import { learnServerTime } from '@/shared/clock'
import { timeZone } from '@/shared/timezone'

export const useSession = defineStore('session', () => {
  const me = ref<Me>()
  /** The session ended while somebody worked: the page stays as it is, and sign-in is asked for on top of it. */
  const expired = ref(false)
  const csrfToken = ref<string>()
  /** The one-time password that was just typed, so that setting an own one does not ask for it again. */
  const oneTimePassword = ref<string>()

  context.csrfToken = () => csrfToken.value
  context.signedOut = () => {
    if (me.value) expired.value = true
  }

  const permissions = computed(() => new Set(me.value?.permissions ?? []))
  function may(permission: string): boolean {
    return permissions.value.has(permission)
  }

  /** Asks who is signed in; undefined when nobody is, a problem when the server could not be asked. */
  async function restore(): Promise<Problem | undefined> {
    const { data, error, response } = await api.GET('/staff/me')
    if (!data) return response.status === 401 ? undefined : error
    me.value = data
    csrfToken.value = data.csrf_token
    timeZone.value = data.time_zone
    learnServerTime(Date.parse(data.server_time))
    expired.value = false
    return undefined
  }

  async function signIn(login: string, password: string): Promise<Problem | undefined> {
    const { data, error } = await api.POST('/session', { body: { login, password } })
    if (error) return error
    csrfToken.value = data.csrf_token
    oneTimePassword.value = data.staff.one_time_until ? password : undefined
    return restore()
  }

  /** Sets the own password, which ends all sessions, and signs in anew with it. */
  async function setPassword(current: string, password: string): Promise<Problem | undefined> {
    const person = me.value
    if (!person) return undefined
    const { error } = await api.POST('/staff/{id}/commands/set_password', {
      params: { path: { id: person.id } },
      body: { password, current_password: current },
    })
    return error ?? signIn(person.login, password)
  }

  async function signOut(): Promise<Problem | undefined> {
    const { error } = await api.DELETE('/session')
    if (error) return error
    me.value = undefined
    csrfToken.value = undefined
    return undefined
  }

  return { me, expired, oneTimePassword, may, restore, signIn, setPassword, signOut }
})
