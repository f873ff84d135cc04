/** Every text of the pages, by view. A translation is a folder beside `en` with the same shape. */

import { collection } from './en/collection'
import { easel } from './en/easel'
import { shell } from './en/shell'

export const texts = { shell, collection, easel }
