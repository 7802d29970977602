const CODE = /^[a-z]{2}$/i

/** People write codes in any case, and databases of addresses in capitals; what is no code stays as it is. */
export const toCountry = (text: string): string => (CODE.test(text) ? text.toUpperCase() : text)
