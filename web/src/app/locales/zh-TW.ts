export const files = import.meta.glob<{ default: Record<string, never> }>(
  ['/src/app/locales/zh-TW.json', '/src/shared/locales/zh-TW.json', '/src/modules/*/locales/zh-TW.json'],
  { eager: true },
)
