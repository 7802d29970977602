/** The app's own SDK. Daybook's processors stand beside whatever it has: exporters go on as before. */
import { NodeSDK } from '@opentelemetry/sdk-node'
import { eventLogging } from 'daybook'

export const logging = eventLogging()

const sdk = new NodeSDK({
  serviceName: 'shop',
  spanProcessors: [logging.spanProcessor()],
  logRecordProcessors: [logging.logRecordProcessor()],
})
sdk.start()
