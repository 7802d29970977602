/** An SDK as people start it, `node --import`: with what instruments HTTP, and told nothing but by its own environment variables. */
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()] })
sdk.start()
process.once('beforeExit', () => sdk.shutdown())
