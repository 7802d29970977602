/**
 * Which file of src may import which: ARCHITECTURE.md as rules. `npm run fence` runs them, together with what can't be seen
 * from imports (test/fence/source-rules.ts). The comment of a rule is what the violator is told.
 */

/** Rooms are the folders of src; hallways are the files directly in it. */
const ROOM = '^src/([^/]+)/'
const HALLWAY = '^src/[^/]+[.]ts$'
const ORM = ['@mikro-orm/', '@electric-sql/', 'kysely/', 'kysely$', 'pg[^/]*/', 'pg[^/]*$'].flatMap((name) => [
  `^(@types/)?${name}`,
  `node_modules/(@types/)?${name}`,
])
const EXPRESS = ['^express$', 'node_modules/(@types/)?express/']
const FILES = ['^(node:)?fs$', '^(node:)?fs/promises$']

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'event-imports-nothing',
    comment:
      'event/ is the vocabulary of all rooms: pure, with nothing but node: beside itself. Put this code into a room.',
    from: { path: '^src/event/' },
    to: { pathNot: '^src/event/', dependencyTypesNot: ['core'] },
  },
  {
    name: 'rooms-are-apart',
    comment:
      'Rooms never import each other. Put the shape you need into event/ports/ and let the hallway (logging.ts, service.ts) pass the thing in.',
    from: { path: ROOM, pathNot: '^src/event/' },
    to: {
      path: ROOM,
      pathNot: [
        '^src/$1/',
        '^src/event/',
        '^src/config/((request-|host-)?options|package|asking|in-force)[.]ts$',
        '^src/client/client[.]ts$',
      ],
    },
  },
  {
    name: 'client-is-for-outsiders',
    comment: 'Only dashboard/ and cli/, which speak HTTP as any program does, use the client.',
    from: { path: ROOM, pathNot: '^src/(client|dashboard|cli)/' },
    to: { path: '^src/client/' },
  },
  {
    name: 'client-stands-alone',
    comment: 'The client runs in browsers and in other programs: it imports nothing.',
    from: { path: '^src/client/' },
    to: { pathNot: '^src/client/' },
  },
  {
    name: 'browser-stands-alone',
    comment: 'What pages load must stay tiny and know nothing of Node. Write the few lines that it needs beside it.',
    from: { path: '^src/browser/' },
    to: { pathNot: '^src/browser/' },
  },
  {
    name: 'options-are-types',
    comment: 'Other rooms take only types from the options in config/: use `import type`.',
    from: { path: ROOM, pathNot: '^src/config/' },
    to: { path: '^src/config/(request-|host-)?options[.]ts$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'hallways-are-above',
    comment: 'A hallway wires rooms and is imported by none of them. Take what you need as a parameter.',
    from: { path: ROOM, pathNot: '^src/(cli|event)/' },
    to: { path: HALLWAY },
  },
  {
    name: 'cli-calls-its-hallways',
    comment: 'cli/ may import service.ts and logging.ts, and the hallways that are there for commands.',
    from: { path: '^src/cli/' },
    to: { path: HALLWAY, pathNot: '^src/(service|logging|upkeep|doctor|migrating|pruning|coverage)[.]ts$' },
  },
  {
    name: 'src-imports-src',
    comment: 'Tests, benches and examples are not in the package. Move what you need into src.',
    from: { path: '^src/' },
    to: { path: '^(test|bench|examples)/' },
  },
  {
    name: 'files-have-owners',
    comment:
      'Only spool/ opens log files; config/, cli/, store/embedded.ts, admin-key.ts, doctor.ts, service.ts and the two files of api/ that read the package itself open others. Ask the spool, or take what you need as a parameter.',
    from: {
      path: '^src/',
      pathNot:
        '^src/(spool/|config/|cli/|store/embedded[.]ts$|admin-key[.]ts$|doctor[.]ts$|service[.]ts$|api/(spec|dashboard)[.]ts$)',
    },
    to: { path: FILES },
  },
  {
    name: 'database-in-store',
    comment: 'Only store/ knows the database. Put the shape you need into event/ports/ and build the thing in store/.',
    from: { path: ROOM, pathNot: '^src/store/' },
    to: { path: ORM },
  },
  {
    name: 'database-types-in-hallways',
    comment: 'A hallway may name the types of the ORM (`import type`); the ORM itself loads in store/ only.',
    from: { path: HALLWAY },
    to: { path: ORM, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'express-at-the-edge',
    comment: 'Express loads in api/, capture/express/ and service.ts only; elsewhere use `import type`.',
    from: { path: '^src/', pathNot: '^src/(api/|capture/express/|service[.]ts$)' },
    to: { path: EXPRESS, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-cycles',
    comment: 'Two files that import each other are one file, or need a third that both import.',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'declared-at-run-time',
    comment:
      'What the package imports at run time belongs in dependencies or peerDependencies, else it is missing where it is installed.',
    from: { path: '^src/', pathNot: '^src/dashboard/' },
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'],
      dependencyTypesNot: ['type-only', 'npm-peer', 'npm'],
    },
  },
  {
    name: 'imports-resolve',
    comment: 'This import leads nowhere, so the other rules cannot judge it.',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
]

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden,
  options: {
    // With TypeScript 7 the default parser reads no file at all and finds nothing wrong.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
