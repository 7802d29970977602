/**
 * JSON with the names that it has. From 24 on, Node's V8 may take a name that is written with an escape for another one
 * that holds a backslash, when both follow the same members: `"\n"` becomes `"\\"` (nodejs/node#63785).
 */

let isMistaken: boolean | undefined

/** Like `JSON.parse`, of which it takes the word where no name is written with an escape. Throws what that throws. */
export function parseJson(text: string): unknown {
  isMistaken ??= mistakesNames()
  return isMistaken && hasEscapedName(text) ? parseRenamed(text) : JSON.parse(text)
}

/** Of this V8. */
function mistakesNames(): boolean {
  JSON.parse('{"daybook":1,"\\\\":1}')
  return !Object.hasOwn(JSON.parse('{"daybook":1,"\\n":1}'), '\n')
}

/** From the first escape of a string to its end, and what makes it a name. */
const REST_OF_STRING = /[^"\\]*(?:\\[\s\S][^"\\]*)*"(\s*:)?/y

/** Of JSON; of a text that is none, anything. */
export function hasEscapedName(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', REST_OF_STRING.lastIndex)) {
    REST_OF_STRING.lastIndex = at
    const rest = REST_OF_STRING.exec(text)
    if (!rest) return false
    if (rest[1] !== undefined) return true
  }
  return false
}

/** One without an end goes on to that of the text: it is not looked for again behind each quote in it. */
const STRINGS = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)(?:"(\s*:)?|\\?$)/g

/** All names are numbers while the text is parsed, in their order; then they are put back. */
function parseRenamed(text: string): unknown {
  const names: string[] = []
  const numbered = text.replace(STRINGS, (string: string, name: string, colon: string | undefined) =>
    colon === undefined ? string : `"${names.push(JSON.parse(`"${name}"`)) - 1}":`,
  )
  const whole = { value: JSON.parse(numbered) as unknown }
  const left: [holder: object, place: string, value: unknown][] = [[whole, 'value', whole.value]]
  // Not by calling itself: JSON may be deeper than calls can be.
  for (let next = left.pop(); next; next = left.pop()) {
    const [holder, place, value] = next
    if (typeof value !== 'object' || value === null) continue
    const named = Array.isArray(value) ? value : toNamed(value, names)
    Reflect.set(holder, place, named)
    for (const [name, member] of Object.entries(named)) left.push([named, name, member])
  }
  return whole.value
}

const toNamed = (numbered: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(numbered).map(([number, member]) => [names[Number(number)], member]))
