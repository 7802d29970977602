/** The contract, enforced in both directions: a request that breaks it is a 400, an answer that breaks it a 500. */
import express, { type RequestHandler } from 'express'
import { middleware } from 'express-openapi-validator'
import { type Operation, type Spec, toOperations } from './spec.ts'

export interface Contract {
  readonly operations: readonly Operation[]
  readonly enforce: RequestHandler
}

type ApiSpec = Exclude<Parameters<typeof middleware>[0]['apiSpec'], string>

const contracts = new WeakMap<Spec, Contract>()

/** The contract of a description, which all routers share: to compile it takes longer than all else. */
export function toContract(spec: Spec): Contract {
  const contract = contracts.get(spec) ?? { operations: toOperations(spec), enforce: createValidator(spec) }
  contracts.set(spec, contract)
  return contract
}

function createValidator(spec: Spec): RequestHandler {
  // Routes are matched below the mount, whatever `servers` says.
  const { servers: _, ...apiSpec } = toLoose(structuredClone(spec)) as Spec & { servers?: unknown }
  const validator = express.Router()
  validator.use(
    middleware({
      apiSpec: apiSpec as unknown as ApiSpec,
      validateApiSpec: false,
      useRequestUrl: true,
      validateRequests: { allowUnknownQueryParameters: false },
      validateResponses: { removeAdditional: false },
      // Who may call what is decided before, by `viewer.ts`.
      validateSecurity: false,
      fileUploader: false,
      ajvFormats: { mode: 'full' },
    }) as RequestHandler[],
  )
  // The validator knows no HEAD; Express answers it as a GET without its body.
  return (req, res, next) => {
    const { method } = req
    if (method === 'HEAD') req.method = 'GET'
    validator(req, res, (error?: unknown) => {
      req.method = method
      next(error)
    })
  }
}

/** Lists whose items the handler checks one by one come to it with whatever is in them. */
function toLoose<Node>(node: Node): Node {
  if (typeof node !== 'object' || node === null) return node
  if (Reflect.get(node, SINGLY) === true) Object.assign(node, { items: {} })
  Reflect.deleteProperty(node, SINGLY)
  for (const value of Object.values(node)) toLoose(value)
  return node
}

const SINGLY = 'x-items-checked-singly'
