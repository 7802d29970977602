/** An SDK as people start it, `node --import`: at its defaults, but for what its own environment variables say. */
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
process.once('beforeExit', () => sdk.shutdown())
