export const files = import.meta.glob<{ default: Record<string, never> }>(
  ['/src/app/locales/en.json', '/src/shared/locales/en.json', '/src/modules/*/locales/en.json'],
  { eager: true },
)
