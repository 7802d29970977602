import { defineEntity, type InferEntity, p } from '@mikro-orm/core'

/**
 * What events refer to, where Daybook keeps it itself. A row that an event named before anybody made it is a stub; give it
 * what you know of it, and set `is_stub` to false. Keys are of their tenant.
 */
const shared = () => ({
  tenant_id: p.text().default('default').primary(),
  id: p.text().primary(),
  is_stub: p.boolean().default(false),
  created_at: p.datetime(6).defaultRaw('now()'),
})

/** Deleted with its events and errors. */
export const ChatSession = defineEntity({
  name: 'ChatSession',
  tableName: 'chat_sessions',
  comment: 'Daybook: sessions that events refer to',
  properties: {
    ...shared(),
    title: p.text().nullable(),
    user_id: p.text().nullable(),
    project_id: p.text().nullable(),
  },
})

export const User = defineEntity({
  name: 'User',
  tableName: 'users',
  comment: 'Daybook: users that events refer to',
  properties: { ...shared(), name: p.text().nullable() },
})

export const UserProject = defineEntity({
  name: 'UserProject',
  tableName: 'user_projects',
  comment: 'Daybook: projects that events refer to',
  properties: { ...shared(), name: p.text().nullable(), user_id: p.text().nullable() },
})

export const UserAgent = defineEntity({
  name: 'UserAgent',
  tableName: 'user_agents',
  comment: 'Daybook: agents that events refer to',
  properties: {
    ...shared(),
    name: p.text().nullable(),
    user_id: p.text().nullable(),
    project_id: p.text().nullable(),
  },
})

export const Run = defineEntity({
  name: 'Run',
  tableName: 'runs',
  comment: 'Daybook: runs that events refer to',
  properties: { ...shared(), name: p.text().nullable(), project_id: p.text().nullable() },
})

export type ChatSession = InferEntity<typeof ChatSession>
export type User = InferEntity<typeof User>
export type UserProject = InferEntity<typeof UserProject>
export type UserAgent = InferEntity<typeof UserAgent>
export type Run = InferEntity<typeof Run>
