/** The bodies of requests → values, as openapi.yaml says which there are. */
import express, { type RequestHandler } from 'express'
import { hasEscapedName, parseJson } from '../event/json.ts'
import { Refused } from './problem.ts'
import type { BodyRules } from './spec.ts'

/** JSON is UTF-8. In another charset it would be read here as what nobody on the way has seen. */
const refuseCharset: RequestHandler = (req, _res, next) => {
  const [, charset] = /;\s{0,8}charset\s{0,8}=\s{0,8}"?([^;"\s]*)/i.exec(req.get('content-type') ?? '') ?? []
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8')
    throw new Refused({ status: 415, code: 'invalid_request', detail: 'Send the body as UTF-8.' })
  next()
}

/** Bodies that are read once more, as Express reads all by `JSON.parse`. */
const misread = new WeakMap<object, string>()
const BACKSLASH = 0x5c

export const createBodyReader = ({ types, maxBytes }: BodyRules): RequestHandler[] => [
  refuseCharset,
  express.json({
    type: [...types],
    limit: maxBytes,
    verify(req, _res, bytes) {
      const text = bytes.includes(BACKSLASH) ? new TextDecoder().decode(bytes) : ''
      if (hasEscapedName(text)) misread.set(req, text)
    },
  }),
  (req, _res, next) => {
    const text = misread.get(req)
    if (text !== undefined) req.body = parseJson(text)
    // A host may have read the body and kept it: then there is none, which the validator would let pass.
    req.body ??= null
    next()
  },
]
