import { RangePicker, useRange } from '../range.tsx'
import { Statistics } from './statistics.tsx'

export const StatisticsView = () => <Statistics tools={<RangePicker range={useRange('24h')} />} />
