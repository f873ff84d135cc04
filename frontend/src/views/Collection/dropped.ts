/** The files in what was dropped, those in folders too. */

const NOT_MEANT = /^(\.|thumbs\.db$|desktop\.ini$)/i // what systems leave in folders

/** Must be called while the drop is being handled: afterwards the browser has forgotten what it was. */
export async function filesIn(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (entries.length === 0) return meant([...transfer.files])
  const found = await Promise.all(entries.map(filesOf))
  return meant(found.flat())
}

export function meant(files: File[]): File[] {
  return files.filter((file) => !NOT_MEANT.test(file.name))
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)]
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const inside: File[] = []
  for (let part = await read(reader); part.length > 0; part = await read(reader)) {
    for (const each of part) inside.push(...(await filesOf(each)))
  }
  return inside
}

/** A file that can't be opened any more still gets a name, so that it can be told of. */
function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve) => entry.file(resolve, () => resolve(new File([], entry.name))))
}

/** A folder is read about a hundred entries at a time; an empty list is its end. */
function read(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve) => reader.readEntries(resolve, () => resolve([])))
}
