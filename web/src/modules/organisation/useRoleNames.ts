import { useI18n } from 'vue-i18n'

/** The ten roles that come with the program have names in every language; others are called as they were named. */
export function useRoleNames() {
  const { t, te } = useI18n()
  return { roleName: (role: string) => (te(`organisation.role.${role}`) ? t(`organisation.role.${role}`) : role) }
}
