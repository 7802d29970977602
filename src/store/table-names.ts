/** Tables of Daybook beside those whose names begin with `daybook_`, the days of the logs, and the reference tables. */
export const OWN_TABLES: readonly string[] = Object.freeze([
  ...['event_logs', 'error_logs', 'spool_cursors', 'api_keys', 'project_members', 'token_secrets'],
  ...['retention_rules', 'retention_prunes', 'retention_clock', 'legal_holds', 'error_groups', 'risk_profiles'],
  ...['alert_states', 'event_rollups', 'event_rollup_marks', 'event_rollup_state', 'event_heirs'],
])
