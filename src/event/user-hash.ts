/** The form that user ids have in rows where `userIds` is `hash`; refine makes them. */

/** 132 bits: no two are the same by chance. */
export const HASH_CHARS = 22

const USER_HASH = new RegExp(`^u_[\\w-]{${HASH_CHARS}}$`)

export const isUserHash = (text: string): boolean => USER_HASH.test(text)
