/** Can a path be put behind it, and may everybody read it? */
export function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  const isPlain = username === '' && password === '' && !/[?#{}\s]/.test(text)
  return isPlain && (protocol === 'https:' || protocol === 'http:')
}
