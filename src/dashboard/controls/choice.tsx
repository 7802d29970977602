import { Select } from '@base-ui/react/select'
import { Chevron, Tick } from '../icons.tsx'

export interface Option {
  readonly value: string
  readonly label: string
}

interface ChoiceProps {
  readonly label: string
  /** Else it is read out only. */
  readonly isLabelShown?: boolean
  readonly options: readonly Option[]
  readonly value: string
  readonly onValue: (value: string) => void
}

/** One of a few. */
export const Choice = ({ label, isLabelShown = false, options, value, onValue }: ChoiceProps) => (
  <div className="choice">
    <Select.Root items={[...options]} value={value} onValueChange={(next) => onValue(next ?? '')} modal={false}>
      <Select.Label className={isLabelShown ? undefined : 'for-screen-readers'}>{label}</Select.Label>
      <Select.Trigger className="choice-button">
        <Select.Value className="choice-value" />
        <Chevron />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner className="popup-place" sideOffset={4} align="start" alignItemWithTrigger={false}>
          <Select.Popup className="popup choices">
            {options.map((option) => (
              <Select.Item key={option.value} value={option.value} className="choice-item">
                <Select.ItemIndicator render={<Tick />} />
                <Select.ItemText>{option.label}</Select.ItemText>
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  </div>
)
