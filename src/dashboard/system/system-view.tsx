import { Answered } from '../answered.tsx'
import { useCall } from '../use-call.ts'
import { View } from '../view.tsx'
import { Health } from './health.tsx'
import { Keys } from './keys.tsx'
import { Partitions } from './partitions.tsx'

export function SystemView() {
  const health = useCall('getHealth', {})
  const retention = useCall('getRetention', {})
  const keys = useCall('listKeys', {})
  return (
    <View title="System" about={health.value && `Daybook ${health.value.version}`}>
      <Health />
      <section className="section">
        <h3>Partitions and retention</h3>
        <Answered of={retention} what="the retention">
          {(retention) => <Partitions retention={retention} />}
        </Answered>
      </section>
      <section className="section">
        <h3>Keys</h3>
        <Answered of={keys} what="the keys">
          {({ keys }) => <Keys keys={keys} />}
        </Answered>
      </section>
    </View>
  )
}
