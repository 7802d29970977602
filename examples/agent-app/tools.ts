/** The tools of the example. They answer from a list, so that a run is the same each time. */

export type Args = Readonly<Record<string, string | number>>

export interface Tool {
  readonly needsApproval: boolean
  run(args: Args): Promise<Args>
}

export class ToolError extends Error {
  override readonly name = 'ToolError'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

const ORDERS: ReadonlyMap<string, Args> = new Map([
  ['1042', { order_id: '1042', item: 'Walnut desk lamp', amount: 89.5, state: 'delivered' }],
  ['1043', { order_id: '1043', item: 'Linen notebook', amount: 14, state: 'on its way' }],
])

function findOrder(args: Args): Args {
  const order = ORDERS.get(String(args.order_id))
  if (!order) throw new ToolError('order_not_found', 'There is no order with this number.')
  return order
}

export const TOOLS = {
  lookup_order: { needsApproval: false, run: async (args) => findOrder(args) },
  issue_refund: {
    needsApproval: true,
    run: async (args) => ({ refund_id: `rf_${args.order_id}`, amount: findOrder(args).amount ?? 0, currency: 'USD' }),
  },
} as const satisfies Record<string, Tool>

export type ToolName = keyof typeof TOOLS
