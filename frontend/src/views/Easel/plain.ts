/** Write a value of the server as plain text: lists with commas, tables as «name: value», nothing for nothing. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join(', ')
  if (typeof value !== 'object') return String(value)
  const lines = Object.entries(value).map(([name, inner]) => [name.replaceAll('_', ' '), plain(inner)] as const)
  return lines.flatMap(([name, text]) => (text ? [text === 'true' ? name : `${name}: ${text}`] : [])).join('; ')
}
