/** Classes, injection by constructor, filters and hooks, as frameworks over Express have them; without a framework. */
import { type EventLogger, type EventLogging, eventLogging } from 'daybook'
import express, { type Express, type Response } from 'express'

class OrdersService {
  readonly #logger: EventLogger

  constructor(logger: EventLogger) {
    this.#logger = logger
  }

  ship(id: string): { id: string; status: string } {
    if (id === '0') throw new RangeError(`There is no order ${id}`)
    this.#logger.log({ event_type: 'ORDER_SHIPPED', entity_type: 'order', entity_id: id })
    return { id, status: 'shipped' }
  }
}

class OrdersController {
  readonly #orders: OrdersService

  constructor(orders: OrdersService) {
    this.#orders = orders
  }

  ship(id: string): object {
    return this.#orders.ship(id)
  }
}

/** A framework that catches what handlers throw lets no error through to `errorHandler()`: its filter has to tell of it. */
class ErrorFilter {
  readonly #logger: EventLogger

  constructor(logger: EventLogger) {
    this.#logger = logger
  }

  catch(exception: unknown, res: Response): void {
    this.#logger.error(exception)
    res.status(500).json({ error: 'Something went wrong.' })
  }
}

class AppModule {
  readonly #logging: EventLogging = eventLogging()
  readonly #controller = new OrdersController(new OrdersService(this.#logging.logger))
  readonly #filter = new ErrorFilter(this.#logging.logger)

  /** What `main.ts` does with `app.use(…)`, before the routes. */
  configure(app: Express): void {
    app.use(this.#logging)
    app.use('/daybook', this.#logging.router())
    app.post('/orders/:id/ship', (req, res) => {
      try {
        res.json(this.#controller.ship(req.params.id))
      } catch (exception) {
        this.#filter.catch(exception, res)
      }
    })
  }

  onModuleDestroy(): Promise<void> {
    return this.#logging.close()
  }
}

function bootstrap(): void {
  const module = new AppModule()
  const app = express()
  module.configure(app)
  const port = Number(process.env.PORT ?? 3000)
  const server = app.listen(port, () => console.log(`listening on http://localhost:${port}`))
  process.once('SIGTERM', () => {
    server.close()
    server.closeAllConnections()
    void module.onModuleDestroy().then(() => process.exit(0))
  })
}

bootstrap()
