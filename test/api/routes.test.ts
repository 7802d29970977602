import { expect, test } from '@jest/globals'
import express, { type IRoute } from 'express'
import { createRouter } from '../../src/api/router.ts'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { OPTIONS } from './ask.ts'
import { createMemoryParts } from './parts.ts'

/** Each route that Express is told of while `make` runs. */
function routesOf(make: () => void): readonly string[] {
  const { route: toRoute } = express.application
  const routes: (IRoute & { readonly methods?: Readonly<Record<string, boolean>> })[] = []
  express.application.route = function (this: unknown, path: string) {
    const route = toRoute.call(this, path)
    routes.push(route)
    return route
  }
  try {
    make()
  } finally {
    express.application.route = toRoute
  }
  return routes.flatMap(({ path, methods = {} }) => {
    const names = Object.keys(methods).filter((name) => name !== 'options')
    // What takes any method answers 405.
    return names.length > 1 ? [] : names.map((name) => `${name} ${path}`)
  })
}

test('each operation of the file has a route, and no other route is there', () => {
  const routes = routesOf(() => createRouter(createMemoryParts(), OPTIONS))
  const operations = toOperations(readSpec()).map(({ method, route }) => `${method} ${route}`)
  expect(operations.length).toBeGreaterThan(40)
  expect([...new Set(routes)].sort()).toEqual(operations.sort())
})

test('a file that lacks an operation, or has one more, does not start', () => {
  const spec = readSpec()
  const { '/metrics': metrics, ...paths } = spec.paths
  const start = (changed: typeof spec.paths) => () =>
    createRouter(createMemoryParts(), OPTIONS, { ...spec, paths: changed })
  expect(start(paths as typeof spec.paths)).toThrow('getMetrics')
  const more = { '/more': { get: { ...metrics?.get, operationId: 'getMore' } } } as unknown as typeof spec.paths
  expect(start({ ...spec.paths, ...more })).toThrow('getMore')
})
