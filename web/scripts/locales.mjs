// Finds what a reader would stumble over: texts missing in a language, placeholders that differ, keys nobody uses,
// and texts written into components. Run by `npm run lint`.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseVue } from 'vue/compiler-sfc'

const languages = ['zh-CN', 'zh-TW', 'en']
const faults = []
const files = readdirSync('src', { recursive: true })
  .map((name) => join('src', String(name)))
  .filter((name) => !name.startsWith(join('src', 'api', 'schema')))

const flatten = (value, path = '') =>
  typeof value === 'string'
    ? [[path, value]]
    : Object.entries(value).flatMap(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key))
const placeholders = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort().join(',')

// The customer's pages keep texts of their own, so keys are counted per page.
function checkArea(name, inArea) {
  const messages = Object.fromEntries(languages.map((language) => [language, new Map()]))
  for (const file of files.filter(inArea)) {
    const language = languages.find((id) => file.endsWith(join('locales', `${id}.json`)))
    if (!language) continue
    for (const [key, text] of flatten(JSON.parse(readFileSync(file, 'utf8')))) {
      if (messages[language].has(key)) faults.push(`${file}: ${key} stands twice`)
      messages[language].set(key, text)
    }
  }
  const keys = new Set(languages.flatMap((language) => [...messages[language].keys()]))
  for (const key of keys) {
    const shapes = new Set()
    for (const language of languages) {
      const text = messages[language].get(key)
      if (!text) faults.push(`${name}: ${key} is missing in ${language}`)
      else shapes.add(placeholders(text))
    }
    if (shapes.size > 1) faults.push(`${name}: ${key} has different placeholders`)
  }

  const sources = files.filter((file) => inArea(file) && /\.(vue|ts)$/.test(file) && !/\.test\.ts$/.test(file))
  const used = new Set()
  const prefixes = new Set()
  const pattern = /^[a-z][a-z_0-9]*(\.[a-zA-Z0-9_-]+)+$/
  for (const file of sources) {
    const text = readFileSync(file, 'utf8')
    for (const [, literal] of text.matchAll(/['"]([a-z][\w.-]*)['"]/g)) if (keys.has(literal)) used.add(literal)
    for (const [, literal] of text.matchAll(/\bt\(\s*['"]([^'"]+)['"]/g))
      if (pattern.test(literal) && !keys.has(literal)) faults.push(`${file}: ${literal} is no text`)
    for (const [, prefix] of text.matchAll(/`([a-z][a-z_0-9]*\.[a-z0-9_.]*)\$\{/g)) {
      if (prefix.startsWith('shouwen.')) continue // the name of a place in the browser's storage
      if (![...keys].some((key) => key.startsWith(prefix))) faults.push(`${file}: no text begins with ${prefix}`)
      prefixes.add(prefix)
    }
  }
  for (const key of keys)
    if (!used.has(key) && ![...prefixes].some((prefix) => key.startsWith(prefix)))
      faults.push(`${name}: ${key} is not used`)
  for (const file of sources) checkLiterals(file)
  return keys.size
}

const shownAttributes = new Set(['title', 'aria-label', 'placeholder', 'alt', 'label', 'detail'])
const isText = (text) => /\p{Letter}{2,}/u.test(text)

function checkLiterals(file) {
  const text = readFileSync(file, 'utf8')
  if (file.endsWith('.ts')) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '')
    if (/['"`][^'"`\n]*\p{Script=Han}/u.test(code) && !text.includes('locales: names of languages and scripts'))
      faults.push(`${file}: text in code`)
    return
  }
  const { descriptor } = parseVue(text, { filename: file })
  const walk = (node) => {
    if (node.type === 2 && isText(node.content))
      faults.push(`${file}:${node.loc.start.line}: text in template: ${node.content.trim()}`)
    for (const prop of node.props ?? [])
      if (prop.type === 6 && shownAttributes.has(prop.name) && isText(prop.value?.content ?? ''))
        faults.push(`${file}:${prop.loc.start.line}: text in ${prop.name}`)
    if (node.tag !== 'kbd') (node.children ?? []).forEach(walk)
  }
  if (descriptor.template?.ast) walk(descriptor.template.ast)
}

const portal = join('src', 'portal')
const count =
  checkArea('console', (file) => !file.startsWith(portal)) + checkArea('portal', (file) => file.startsWith(portal))
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exit(1)
console.log(`${count} texts in ${languages.length} languages`)
