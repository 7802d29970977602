/** What an agent does, one line a type. */
import type { Families, Table } from '../family.ts'

export const STEPS = {
  sessionStarted: { SESSION_STARTED: { says: 'Start a conversation' } },
  sessionEnded: { SESSION_ENDED: { says: 'End a conversation' } },
  /** Written by the agent; with `actor_type: 'user'` by the person it works for. */
  messageCreated: { MESSAGE_CREATED: { says: 'Write a message' } },

  agentCreated: { AGENT_CREATED: { says: 'Set up an agent', entity_type: 'agent' } },
  agentStarted: { AGENT_STARTED: { says: 'Start to work' } },
  agentCompleted: { AGENT_COMPLETED: { says: 'Finish the work' } },
  agentFailed: { AGENT_FAILED: { says: 'Agent failed', severity: 'error' } },
  /** Another agent takes over: name it in `entity_id`. */
  agentSwitched: { AGENT_SWITCHED: { says: 'Hand over to another agent', entity_type: 'agent' } },

  taskPlanned: { TASK_PLANNED: { says: 'Plan a task', entity_type: 'task' } },
  taskStarted: { TASK_STARTED: { says: 'Start a task', entity_type: 'task' } },
  taskCompleted: { TASK_COMPLETED: { says: 'Complete a task', entity_type: 'task' } },
  taskFailed: { TASK_FAILED: { says: 'Task failed', entity_type: 'task', severity: 'error' } },

  /** `tool()` logs the three of a call by itself. */
  toolRequested: { TOOL_REQUEST: { says: 'Call a tool' } },
  toolCompleted: { TOOL_RESULT: { says: 'Tool answered' } },
  toolFailed: { TOOL_ERROR: { says: 'Tool failed', severity: 'error' } },

  modelCall: { MODEL_CALL: { says: 'Call a model' } },
  modelFailed: { MODEL_ERROR: { says: 'Model failed', severity: 'error' } },
  embedding: { EMBEDDING: { says: 'Turn texts into vectors' } },
  memoryAccessed: { MEMORY_ACCESSED: { says: 'Use the memory' } },
  retrieval: { RETRIEVAL: { says: 'Look up documents' } },
  guardrailChecked: { GUARDRAIL_CHECKED: { says: 'Check a guardrail' } },
  scoreRecorded: { SCORE_RECORDED: { says: 'Score a result' } },
} as const satisfies Table

/** The stations of one approval, logged by its handle. */
export const APPROVAL = {
  required: { APPROVAL_REQUIRED: { says: 'Ask for approval', approval_status: 'pending' } },
  granted: { APPROVAL_GRANTED: { says: 'Approve', approval_status: 'granted' } },
  denied: { APPROVAL_DENIED: { says: 'Refuse', approval_status: 'denied' } },
  expired: { APPROVAL_EXPIRED: { says: 'Nobody answered in time', approval_status: 'expired' } },
} as const satisfies Table

export type AgentSteps = Families<typeof STEPS>
