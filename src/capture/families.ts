/** The typed methods of the logger: one line a type, in the order of the catalogue. */
import type { Families, Table } from './family.ts'

export const FAMILIES = {
  commit: { COMMIT: { says: 'Commit a change', entity_type: 'commit' } },
  push: { PUSH: { says: 'Publish data or a model' } },
  pullRequest: { PULL_REQUEST: { says: 'Request a change', entity_type: 'pull_request' } },
  settingsChanged: { SETTINGS_CHANGED: { says: 'Change a setting', entity_type: 'setting' } },

  fileChange: { FILE_CHANGE: { says: 'Change a file', entity_type: 'file' } },
  fileCreate: { FILE_CREATE: { says: 'Create a file', entity_type: 'file' } },
  fileDelete: { FILE_DELETE: { says: 'Delete a file', entity_type: 'file' } },

  clone: { CLONE: { says: 'Retrieve data for the first time' } },
  fetch: { FETCH: { says: 'Fetch data' } },
  merge: { MERGE: { says: 'Merge data' } },
  dataCreated: { DATA_CREATED: { says: 'Create a record' } },
  dataUpdated: { DATA_UPDATED: { says: 'Change a record' } },
  dataDeleted: { DATA_DELETED: { says: 'Delete a record' } },
  dataImported: { DATA_IMPORTED: { says: 'Import data' } },
  dataExported: { DATA_EXPORTED: { says: 'Export data' } },
  alertFired: { ALERT_FIRED: { says: 'Tell of a figure beyond its limit' } },
  alertResolved: { ALERT_RESOLVED: { says: 'Tell that a figure is within its limit again' } },
  dataPruned: { DATA_PRUNED: { says: 'Remove data that was kept long enough' } },
  logRead: { LOG_READ: { says: 'Read the event log' } },

  comment: { COMMENT: { says: 'Comment' } },
  review: { REVIEW: { says: 'Review' } },

  /** `event_type` says which of the four; a log-in that failed has `status: 'failure'`, and is denied. */
  authentication: {
    AUTH_LOGIN: { says: 'Log in' },
    AUTH_LOGOUT: { says: 'Log out' },
    AUTH_API_KEY: { says: 'Check an API key' },
    AUTH_FAILURE: { says: 'Access denied' },
  },

  /** A request that this app made or answered; a `status_code` of 400 and above is a failure, of 500 an API_ERROR. */
  apiCall: {
    API_REQUEST: { says: 'API request' },
    API_RESPONSE: { says: 'API response' },
    API_ERROR: { says: 'API error', severity: 'error' },
  },

  systemStart: { SYSTEM_START: { says: 'Start' } },
  systemStop: { SYSTEM_STOP: { says: 'Stop' } },
  systemConfig: { SYSTEM_CONFIG: { says: 'Configure' } },
  systemMetrics: { SYSTEM_METRICS: { says: 'Metrics of the process' } },

  simStarted: { SIM_STARTED: { says: 'Start a simulation', entity_type: 'simulation' } },
  runSaved: { RUN_SAVED: { says: 'Save a run', entity_type: 'run' } },
  workflowStarted: { WORKFLOW_STARTED: { says: 'Start a workflow', entity_type: 'workflow' } },
  workflowCompleted: { WORKFLOW_COMPLETED: { says: 'Complete a workflow', entity_type: 'workflow' } },
  workflowFailed: { WORKFLOW_FAILED: { says: 'Workflow failed', entity_type: 'workflow', severity: 'error' } },

  userCreated: { USER_CREATED: { says: 'Create a user', entity_type: 'user' } },
  userUpdated: { USER_UPDATED: { says: 'Change a user', entity_type: 'user' } },
  userDeactivated: { USER_DEACTIVATED: { says: 'Deactivate a user', entity_type: 'user' } },

  permissionChanged: { PERMISSION_CHANGED: { says: 'Change a permission', entity_type: 'permission' } },
  roleAssigned: { ROLE_ASSIGNED: { says: 'Assign a role', entity_type: 'role' } },

  /** Something suspicious; `event_type: 'THREAT_DETECTED'` when it is surely a threat. Severity warning, error for a threat. */
  security: {
    SECURITY_EVENT: { says: 'Suspicious activity', severity: 'warning' },
    THREAT_DETECTED: { says: 'Threat detected', severity: 'error' },
  },
} as const satisfies Table

export type AppFamilies = Families<typeof FAMILIES>
