// Access tokens that nobody should believe.
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

const encode = value => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** By what is wrong with them; each was made from a good one. */
export function forgedTokens (good, jwks) {
  const [head, body, signature] = good.split('.')
  const header = JSON.parse(Buffer.from(head, 'base64url'))
  const claims = JSON.parse(Buffer.from(body, 'base64url'))
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signed = (header, claims) => {
    const input = `${encode(header)}.${encode(claims)}`
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  }
  const keyed = (secret, header) => {
    const input = `${encode(header)}.${body}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }
  const published = createPublicKey({ key: jwks.keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  const later = { ...claims, exp: claims.exp + 86_400 }
  return {
    'no token at all': 'x',
    'two dots': '..',
    'empty parts': `${head}..${signature}`,
    'without its signature': `${head}.${body}.`,
    'cut short': good.slice(0, -20),
    'longer by one': `${good}A`,
    'four parts': `${good}.${signature}`,
    'not base64': `${head}.${body}.!!!!`,
    'a header that is no JSON': `${encode('{')}.${body}.${signature}`,
    'a header that is a list': `${encode([])}.${body}.${signature}`,
    'a header that is null': `${encode('null')}.${body}.${signature}`,
    'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
    'alg none with the key\'s id': `${encode({ ...header, alg: 'none' })}.${body}.`,
    'alg NONE with a signature': `${encode({ ...header, alg: 'NONE' })}.${body}.${signature}`,
    'signed with the public key as a secret': keyed(published, { ...header, alg: 'HS256' }),
    'signed with nothing as a secret': keyed('', { ...header, alg: 'HS256' }),
    'another expiry under the old signature': `${head}.${encode(later)}.${signature}`,
    'another user under the old signature': `${head}.${encode({ ...claims, sub: '0197a3c0-0000-7000-8000-00000000000a' })}.${signature}`,
    'signed by somebody else': signed(header, later),
    'signed by somebody else who brings the key': signed({ ...header, jwk: publicKey.export({ format: 'jwk' }) }, later),
    'signed by somebody else under an unknown id': signed({ ...header, kid: 'another' }, later),
    'a key id that is null': signed({ ...header, kid: null }, later),
    'a key id that is a number': signed({ ...header, kid: 7 }, later),
    'a key id that is a path': signed({ ...header, kid: '../../../../dev/null' }, later),
    'a key id that is SQL': signed({ ...header, kid: "' or 1=1 --" }, later),
    'no key id': signed({ alg: 'RS256', typ: 'JWT' }, later),
    'claims that are no object': signed(header, []),
    'no claims': signed(header, {}),
    'very long': `${head}.${'A'.repeat(5000)}.${signature}`
  }
}
