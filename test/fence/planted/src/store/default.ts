// refused: no-default-export
export default function find() {}
