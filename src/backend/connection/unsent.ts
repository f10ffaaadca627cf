import type { Dispatcher } from 'undici'

/** The kernel takes so much in one piece or not at all: its send buffer begins with 16 KiB (Linux, `tcp_wmem`). */
const MAX_ATOMIC_BYTES = 8192

/** Did the kernel refuse the request whole, because the connection had been reset before? */
export function isUnsent(cause: Error, request: Dispatcher.DispatchOptions | undefined): boolean {
  const { code, syscall } = cause as NodeJS.ErrnoException
  if (syscall !== 'write' || (code !== 'ECONNRESET' && code !== 'EPIPE')) return false
  const { body } = request ?? {}
  return (
    (typeof body === 'string' || body instanceof Uint8Array) && Buffer.byteLength(body) <= MAX_ATOMIC_BYTES
  )
}
