/** What a host hands in of its own: its MikroORM, its tables, its OpenTelemetry. */

/** A LogRecordExporter of an OpenTelemetry SDK, as far as it is used. */
export interface LogExporter {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's records differ between its versions, and none is imported here
  export(records: any[], done: (result: { code: number; error?: Error }) => void): void
}

/** A Logger of the OpenTelemetry API. */
export interface OtelLogger {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  emit(record: any): void
}

export type ForwardTo = LogExporter | OtelLogger

/** A table of the host, by its name as SQL has it, `auth.users`, or with its key where that is not `id`. */
export type HostTable = string | { readonly table: string; readonly key?: string }

/** Tables of the host that events and errors refer to; those left out are referred to by none. */
export interface HostReferences {
  /** Deleted with their events and errors; the others only leave them. */
  readonly sessions?: HostTable
  readonly users?: HostTable
  readonly projects?: HostTable
  readonly agents?: HostTable
  readonly runs?: HostTable
}

export type References = 'own' | 'none' | HostReferences

/** A MikroORM, as far as it is used before it is asked anything. */
export interface HostOrm {
  readonly em: object
  readonly config: { get(name: never): unknown }
}
