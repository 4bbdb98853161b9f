// How much a browser loads before the workbench (and the customer's page) is usable: the entry, what it imports
// statically, and what the first route and one language need. Fails above the budget.
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const budgets = { 'index.html': 200, 'portal.html': 95 }
const firstParts = {
  'index.html': ['src/modules/workbench/WorkbenchPage.vue', 'src/app/locales/zh-CN.ts'],
  'portal.html': ['src/portal/locales/zh-CN.json'],
}
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
const kilobytes = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length / 1024

let failed = false
for (const [entry, budget] of Object.entries(budgets)) {
  const files = new Set()
  const add = (key) => {
    const chunk = manifest[key]
    if (!chunk || files.has(chunk.file)) return
    files.add(chunk.file)
    for (const style of chunk.css ?? []) files.add(style)
    for (const inner of chunk.imports ?? []) add(inner)
  }
  add(entry)
  firstParts[entry].forEach(add)
  const sizes = [...files].filter((file) => existsSync(`dist/${file}`)).map((file) => [file, kilobytes(file)])
  const total = sizes.reduce((sum, [, size]) => sum + size, kilobytes(entry))
  for (const [file, size] of sizes.sort((a, b) => b[1] - a[1]))
    console.log(`  ${size.toFixed(1).padStart(7)} KB  ${file}`)
  console.log(`${entry}: ${total.toFixed(1)} KB gzip of ${budget}`)
  failed ||= total > budget
}
process.exit(failed ? 1 : 0)
