import { Fault } from '../event/fault.ts'
import type { MemberStore } from '../event/ports/access.ts'
import type { Sink } from '../event/ports/sink.ts'
import { noteAct } from './acts.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { Member, Members } from './contract.generated.ts'

export function createMemberHandlers(members: MemberStore, sink: Sink): Handlers {
  const note = ({ viewer, params: { project_id = '', user_id = '' } }: Call, act: string): void =>
    noteAct(sink, viewer, { act, entity_type: 'project', entity_id: project_id, scope: { of_user: user_id } })

  const listMembers = async ({ viewer, params: { project_id = '' } }: Call): Promise<Answer<Members>> => ({
    status: 200,
    body: { members: await members.list(viewer, project_id) },
  })

  const addMember = async (call: Call): Promise<Answer<Member>> => {
    const { project_id = '', user_id = '' } = call.params
    const member = await members.add(call.viewer, project_id, user_id)
    note(call, 'A user was made a member of a project')
    return { status: 200, body: member }
  }

  const removeMember = async (call: Call): Promise<Answer> => {
    const { project_id = '', user_id = '' } = call.params
    if (!(await members.remove(call.viewer, project_id, user_id)))
      throw new Fault('not_found', 'This user is no member of this project.')
    note(call, 'The membership of a user in a project was ended')
    return { status: 204, body: null }
  }

  return { listMembers, addMember, removeMember }
}
