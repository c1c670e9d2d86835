/** The first four bytes of MD5 as one unsigned number, the first byte first: all that RocketMQ's ring uses. No secret hangs on it. */

// prettier-ignore
const SINES = [
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
] as const
// prettier-ignore
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const
const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const
const BLOCK = 64

/** UTF-8, a 1 bit, zeros, and the length in bits: a whole number of blocks. */
function padded(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  const whole = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK)
  whole.set(bytes)
  whole[bytes.length] = 0x80
  new DataView(whole.buffer).setUint32(whole.length - 8, bytes.length * 8, true)
  return whole
}

const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by))

/** The mixing function of a step's round, and which word of the block the step takes. */
function mixed(step: number, b: number, c: number, d: number): [value: number, word: number] {
  if (step < 16) return [(b & c) | (~b & d), step]
  if (step < 32) return [(d & b) | (~d & c), (5 * step + 1) % 16]
  if (step < 48) return [b ^ c ^ d, (3 * step + 5) % 16]
  return [c ^ (b | ~d), (7 * step) % 16]
}

export function md5(text: string): number {
  const bytes = padded(text)
  const words = new DataView(bytes.buffer)
  let [a0, b0, c0, d0]: [number, number, number, number] = [...START]
  for (let block = 0; block < bytes.length; block += BLOCK) {
    let [a, b, c, d] = [a0, b0, c0, d0]
    for (let step = 0; step < 64; step++) {
      const [value, word] = mixed(step, b, c, d)
      const sum = (a + value + (SINES[step] as number) + words.getUint32(block + 4 * word, true)) | 0
      const shift = SHIFTS[step >> 4]?.[step & 3] as number
      ;[a, d, c, b] = [d, c, b, (b + rotated(sum, shift)) | 0]
    }
    ;[a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0]
  }
  new DataView(bytes.buffer).setInt32(0, a0, true)
  return words.getUint32(0, false)
}
