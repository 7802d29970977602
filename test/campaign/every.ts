/** Calls through once in a while only. */
export function every<T>(ms: number, call: (value: T) => void): (value: T) => void {
  let next = performance.now() + ms
  return (value) => {
    if (performance.now() < next) return
    next = performance.now() + ms
    call(value)
  }
}
