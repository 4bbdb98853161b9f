/** What a browser says about itself, as people call it: `Chrome 126 · Windows`. Undefined when nothing is recognised. */
export function browserName(userAgent: string | null): string | undefined {
  if (!userAgent) return undefined
  // In this order: every newer browser also claims to be the older ones.
  const browsers: [RegExp, string][] = [
    [/MicroMessenger\/(\d+)/, 'WeChat'],
    [/Edg(?:A|iOS)?\/(\d+)/, 'Edge'],
    [/OPR\/(\d+)/, 'Opera'],
    [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
    [/(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
    [/Version\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari/, 'Safari'],
  ]
  const systems: [RegExp, string][] = [
    [/Windows/, 'Windows'],
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/OpenHarmony|HarmonyOS/, 'HarmonyOS'],
    [/Mac OS X/, 'macOS'],
    [/CrOS/, 'ChromeOS'],
    [/Linux/, 'Linux'],
  ]
  const browser = browsers.map(([pattern, name]) => [name, pattern.exec(userAgent)?.[1]] as const).find(([, v]) => v)
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  const parts = [browser ? `${browser[0]} ${browser[1]}` : undefined, system].filter(Boolean)
  return parts.length ? parts.join(' · ') : undefined
}
