// refused: no-work-at-import
export const seen = new Set<string>()
for (const name of ['a', 'b']) seen.add(name)
