import { useSession } from '@/modules/session/session.store'
import { readForm, writeForm, type KeptForm } from './kept_form'

/** Forms kept in this browser as they are typed (E6), for whoever is signed in. */
export function useKeptForm<T>() {
  const session = useSession()
  const owner = () => session.me?.id ?? ''
  return {
    read: (place: string) => readForm<T>(localStorage, owner(), place),
    keep: (place: string, form: KeptForm<T>) => writeForm(localStorage, owner(), place, form),
    forget: (place: string) => void writeForm(localStorage, owner(), place, undefined),
  }
}
