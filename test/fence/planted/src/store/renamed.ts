// refused: no-default-export
const find = () => 1
export { find as default }
