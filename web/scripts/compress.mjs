// Writes .gz and .br beside every text file of dist/, so that the server sends them without work.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const worthwhile = /\.(js|css|html|svg|json|txt|webmanifest)$/
const files = readdirSync('dist', { recursive: true }).map((name) => join('dist', String(name)))
let count = 0
for (const file of files) {
  if (!worthwhile.test(file) || !statSync(file).isFile()) continue
  const content = readFileSync(file)
  if (content.length < 600) continue
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  )
  count++
}
console.log(`compressed ${count} files`)
