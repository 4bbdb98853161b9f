export const files = import.meta.glob<{ default: Record<string, never> }>(
  ['/src/app/locales/zh-CN.json', '/src/shared/locales/zh-CN.json', '/src/modules/*/locales/zh-CN.json'],
  { eager: true },
)
