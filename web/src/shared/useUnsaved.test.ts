import { describe, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import { useUnsaved } from './useUnsaved'

describe('leaving a form', () => {
  it('asks once when something was typed, and not when nothing was', () => {
    const form = reactive({ name: 'a' })
    const leave = vi.fn()
    const { asking, tryToLeave, settle } = useUnsaved(() => form, leave)
    tryToLeave()
    expect(leave).toHaveBeenCalledTimes(1)
    form.name = 'b'
    tryToLeave()
    expect(leave).toHaveBeenCalledTimes(1)
    expect(asking.value).toBe(true)
    tryToLeave()
    expect(leave).toHaveBeenCalledTimes(2)
    settle()
    expect(asking.value).toBe(false)
    tryToLeave()
    expect(leave).toHaveBeenCalledTimes(3)
  })
})
