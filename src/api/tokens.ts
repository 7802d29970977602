/**
 * Viewer tokens: JSON Web Signatures in their compact form (RFC 7515), by HMAC-SHA256 and nothing else. The header is
 * always the same and must be, so that no token can choose how it is checked.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { toShortId } from '../event/id.ts'
import type { TokenSecrets } from '../event/ports/access.ts'
import type { Narrowing, Viewer } from '../event/viewer.ts'

export interface TokenInput extends Narrowing {
  readonly tenant_id: string
  readonly user_id?: string
}

export interface Token {
  readonly token: string
  readonly id: string
  readonly expires_at: string
}

export interface Tokens {
  make(input: TokenInput, lifeMs: number): Promise<Token>
  /** The viewer of a token; undefined for one that is not ours, was changed, has ended or was ended. */
  verify(token: string): Promise<Viewer | undefined>
  /** Ends all tokens of a tenant. */
  end(tenant_id: string): Promise<void>
}

/** In the words of RFC 7519: who made it for whom, until when, in seconds. */
interface Claims extends Narrowing {
  readonly jti: string
  readonly iss: string
  readonly sub?: string
  readonly exp: number
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const HEADER = encode({ alg: 'HS256', typ: 'JWT' })
const FORM = /^([\w-]+)\.([\w-]+)\.([\w-]{43})$/
const MAX_CHARS = 10_000

export interface TokenOptions {
  readonly secrets: TokenSecrets
  /** A part of the key that is not in the database: who reads that can sign nothing. */
  readonly pepper?: string | undefined
  readonly nowMs?: () => number
}

export function createTokens({ secrets, pepper = '', nowMs = Date.now }: TokenOptions): Tokens {
  const toKey = (secret: string): Buffer => createHmac('sha256', pepper).update(secret).digest()
  const sign = (text: string, secret: string): Buffer => createHmac('sha256', toKey(secret)).update(text).digest()

  return {
    async make({ tenant_id, user_id, ...only }, lifeMs) {
      const exp = Math.ceil((nowMs() + lifeMs) / 1000)
      const id = toShortId()
      const claims: Claims = {
        jti: id,
        iss: tenant_id,
        ...(user_id === undefined ? {} : { sub: user_id }),
        exp,
        ...only,
      }
      const text = `${HEADER}.${encode(claims)}`
      const signature = sign(text, await secrets.make(tenant_id)).toString('base64url')
      return { token: `${text}.${signature}`, id, expires_at: new Date(exp * 1000).toISOString() }
    },
    async verify(token) {
      const [, header, body = '', signature = ''] = (token.length <= MAX_CHARS && FORM.exec(token)) || []
      if (header !== HEADER) return undefined
      // Read before it is checked, for the name of the tenant only.
      const claims = readClaims(body)
      const secret = claims && (await secrets.find(claims.iss))
      if (!secret) return undefined
      const isOurs = timingSafeEqual(sign(`${header}.${body}`, secret), Buffer.from(signature, 'base64url'))
      return isOurs && claims.exp * 1000 > nowMs() ? toViewer(claims) : undefined
    },
    end: (tenant_id) => secrets.renew(tenant_id),
  }
}

function readClaims(body: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
    const { iss, exp } = Object(claims)
    return typeof iss === 'string' && typeof exp === 'number' ? (claims as Claims) : undefined
  } catch {
    return undefined
  }
}

const toViewer = ({ jti, iss, sub, project_id, session_id }: Claims): Viewer =>
  Object.freeze({
    role: 'user',
    tenant_id: iss,
    ...(sub === undefined ? {} : { user_id: sub }),
    only: Object.freeze({
      ...(project_id === undefined ? {} : { project_id }),
      ...(session_id === undefined ? {} : { session_id }),
    }),
    key_id: jti,
  })
