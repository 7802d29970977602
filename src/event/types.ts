/** The catalogue of built-in event types. The vocabulary is open: apps register their own beside these. */

export const CATEGORIES = {
  authentication: 'Who logged in, how, and who failed to',
  authorization: 'Who may do what, and who was denied',
  user_management: 'Users made, changed and deactivated',
  data_management: 'Data made, changed, deleted, imported and exported',
  system_management: 'The service starting, stopping and being configured',
  security: 'Threats and suspicious activity',
  workflow: 'Processes and simulations that start and end',
  api: 'Requests and their answers',
  file_management: 'Files made, changed and deleted',
  configuration: 'Configuration, models and settings',
  collaboration: 'Comments and reviews',
  agent: 'What agents, tools and models do, and what people approve',
} as const

export type Category = keyof typeof CATEGORIES

export interface EventTypeEntry {
  readonly category: Category
  readonly description: string
}

/** A type that an app registered. */
export interface RegisteredType extends EventTypeEntry {
  /** What is wrong with a payload of this type, as short texts; empty when nothing is. Never throws. */
  readonly check?: (payload: unknown) => readonly string[]
}

const of = (category: Category, entries: Record<string, string>): [string, EventTypeEntry][] =>
  Object.entries(entries).map(([type, description]) => [type, Object.freeze({ category, description })])

/** Built-in types by name, in the order in which people look for them. */
export const EVENT_TYPES: ReadonlyMap<string, EventTypeEntry> = new Map([
  ...of('configuration', {
    COMMIT: 'A change of configuration or model was committed',
    PUSH: 'Data or a model was published',
    PULL_REQUEST: 'Data or a model was requested, or a change proposed',
    SETTINGS_CHANGED: 'A setting was changed',
  }),
  ...of('file_management', {
    FILE_CHANGE: 'A file was modified',
    FILE_CREATE: 'A file was created',
    FILE_DELETE: 'A file was deleted',
  }),
  ...of('data_management', {
    CLONE: 'Data or a model was retrieved for the first time',
    FETCH: 'Data was fetched',
    MERGE: 'Data was aggregated or merged',
    RETRIEVAL: 'Documents were looked up for a model',
    DATA_CREATED: 'A record was created',
    DATA_UPDATED: 'A record was changed',
    DATA_DELETED: 'A record was deleted',
    DATA_IMPORTED: 'Data was imported',
    DATA_EXPORTED: 'Data was exported',
    ALERT_FIRED: 'A figure that is watched went beyond its limit',
    ALERT_RESOLVED: 'A figure that is watched is within its limit again',
    DATA_PRUNED: 'Retention removed what was kept long enough, or could not',
    LOG_READ: 'An admin or auditor read the event log',
  }),
  ...of('collaboration', {
    COMMENT: 'A comment or annotation was added',
    REVIEW: 'Something was reviewed',
  }),
  ...of('authentication', {
    AUTH_LOGIN: 'Someone logged in',
    AUTH_LOGOUT: 'Someone logged out',
    AUTH_API_KEY: 'An API key was checked',
    AUTH_FAILURE: 'Authentication failed or access was denied',
  }),
  ...of('api', {
    API_REQUEST: 'A request was received and answered',
    API_RESPONSE: 'A request was answered, where its arrival is an event of its own',
    API_ERROR: 'A request failed on the server',
    SPAN: 'A step of a trace that has no type of its own',
    LOG: 'A line was logged',
  }),
  ...of('system_management', {
    SYSTEM_START: 'The service started',
    SYSTEM_STOP: 'The service stopped',
    SYSTEM_CONFIG: 'The service was configured',
    SYSTEM_METRICS: 'Memory and CPU that the process used, and what its caches answered',
  }),
  ...of('agent', {
    SESSION_STARTED: 'A conversation started',
    SESSION_ENDED: 'A conversation ended',
    MESSAGE_CREATED: 'A message was written by a person or an agent',
    AGENT_CREATED: 'An agent was set up',
    AGENT_STARTED: 'An agent started to work',
    AGENT_COMPLETED: 'An agent finished its work',
    AGENT_FAILED: 'An agent failed',
    AGENT_SWITCHED: 'Another agent took over',
    TASK_PLANNED: 'A task was planned',
    TASK_STARTED: 'A task started',
    TASK_COMPLETED: 'A task was completed',
    TASK_FAILED: 'A task failed',
    TOOL_REQUEST: 'An agent called a tool',
    TOOL_RESULT: 'A tool answered',
    TOOL_ERROR: 'A tool failed',
    MODEL_CALL: 'A language model was called',
    MODEL_ERROR: 'A call of a language model failed',
    EMBEDDING: 'Texts were turned into vectors',
    MEMORY_ACCESSED: "An agent's memory was read or changed",
    APPROVAL_REQUIRED: 'An agent asked a person for approval',
    APPROVAL_GRANTED: 'A person approved',
    APPROVAL_DENIED: 'A person refused',
    APPROVAL_EXPIRED: 'Nobody answered a request for approval in time',
    GUARDRAIL_CHECKED: 'A guardrail judged an input or an output',
    SCORE_RECORDED: 'A result was scored',
  }),
  ...of('workflow', {
    SIM_STARTED: 'A simulation started',
    RUN_SAVED: 'A run was saved',
    WORKFLOW_STARTED: 'A workflow started',
    WORKFLOW_COMPLETED: 'A workflow was completed',
    WORKFLOW_FAILED: 'A workflow failed',
  }),
  ...of('user_management', {
    USER_CREATED: 'A user was created',
    USER_UPDATED: 'A user was changed',
    USER_DEACTIVATED: 'A user was deactivated',
  }),
  ...of('authorization', {
    PERMISSION_CHANGED: 'A permission was changed',
    ROLE_ASSIGNED: 'A role was assigned',
  }),
  ...of('security', {
    SECURITY_EVENT: 'Something that matters to security happened',
    THREAT_DETECTED: 'A threat was detected',
  }),
])

/** Category of a type that nobody registered. */
export const UNKNOWN_CATEGORY: Category = 'workflow'

/** Turns any spelling (`agentSwitched`, `tool-request`, `Commit`) into the stored one, UPPER_SNAKE, which stays as it is. */
export function toEventType(name: string): string {
  // Without small letters the large ones begin no word.
  const words = /[a-z]/.test(name) ? name.replace(/([a-z0-9])([A-Z])/g, '$1_$2') : name
  return words
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toUpperCase()
}
