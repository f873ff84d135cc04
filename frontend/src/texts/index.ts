/** Every text of the pages, by view. A translation is a folder beside `en` with the same shape. */

import { collection } from './en/collection'
import { easel } from './en/easel'
import { rights } from './en/rights'
import { lineage } from './en/lineage'
import { shell } from './en/shell'
import { sources } from './en/sources'
import { verify } from './en/verify'
import { wall } from './en/wall'

export const texts = { shell, collection, easel, rights, verify, wall, lineage, sources }
