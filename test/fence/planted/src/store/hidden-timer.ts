// refused: no-work-at-import
const start = () => setInterval(() => undefined, 1000)
export class Holder {
  static readonly timer = start()
}
