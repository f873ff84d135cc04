export const collection = {
  heading: 'Collection',
  untitled: 'Untitled',
}
