import type { Directive } from 'vue'

/** `v-focus`: the browser minds `autofocus` only while it loads a page, not when we change to another one. */
export const vFocus: Directive<HTMLElement, boolean | undefined> = {
  mounted: (element, { value }) => {
    if (value !== false) element.focus()
  },
}
