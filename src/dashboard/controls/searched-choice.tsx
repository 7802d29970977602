import { Combobox } from '@base-ui/react/combobox'
import { useMemo } from 'react'
import { Chevron, Tick } from '../icons.tsx'
import type { Option } from './choice.tsx'

export interface OptionGroup {
  /** Empty for one without a name. */
  readonly name: string
  readonly items: readonly (Option & { readonly note?: string })[]
}

interface SearchedChoiceProps {
  readonly label: string
  readonly isLabelShown?: boolean
  readonly groups: readonly OptionGroup[]
  readonly value: string
  readonly onValue: (value: string) => void
}

/** One of many: a few letters find it. */
export function SearchedChoice({ label, isLabelShown = false, groups, value, onValue }: SearchedChoiceProps) {
  const items = useMemo(() => groups.map(({ name, items }) => ({ value: name, items: [...items] })), [groups])
  const chosen = groups.flatMap(({ items }) => items).find((item) => item.value === value)
  return (
    <div className="choice">
      <Combobox.Root
        items={items}
        value={chosen ?? { value, label: value }}
        onValueChange={(next) => next && onValue(next.value)}
        isItemEqualToValue={(item, other) => item.value === other.value}
        autoHighlight
      >
        <Combobox.Label className={isLabelShown ? undefined : 'for-screen-readers'}>{label}</Combobox.Label>
        <Combobox.Trigger className="choice-button">
          <span className="choice-value">{chosen?.label ?? value}</span>
          <Chevron />
        </Combobox.Trigger>
        <Combobox.Portal>
          <Combobox.Positioner className="popup-place" sideOffset={4} align="start">
            <Combobox.Popup className="popup searched" aria-label={label}>
              <Combobox.Input className="searched-words" placeholder="Search" aria-label={`Search: ${label}`} />
              <Combobox.Empty className="searched-none">Nothing is called that.</Combobox.Empty>
              <Combobox.List className="choices">
                {(group: (typeof items)[number]) => (
                  <Combobox.Group key={group.value} items={group.items}>
                    {group.value && <Combobox.GroupLabel className="choice-group">{group.value}</Combobox.GroupLabel>}
                    <Combobox.Collection>
                      {(item: OptionGroup['items'][number]) => (
                        <Combobox.Item key={item.value} value={item} className="choice-item" title={item.note}>
                          <Combobox.ItemIndicator render={<Tick />} />
                          <span>{item.label}</span>
                        </Combobox.Item>
                      )}
                    </Combobox.Collection>
                  </Combobox.Group>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
    </div>
  )
}
