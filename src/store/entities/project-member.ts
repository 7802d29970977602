import { defineEntity, p } from '@mikro-orm/core'

/** A user who may see all rows of a project. */
export const ProjectMember = defineEntity({
  name: 'ProjectMember',
  tableName: 'project_members',
  properties: {
    tenant_id: p.text().primary(),
    project_id: p.text().primary(),
    user_id: p.text().primary(),
    since: p.datetime(6),
  },
})
