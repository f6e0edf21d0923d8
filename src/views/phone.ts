const BRAZIL = /^\+55(\d{2})(\d{4,5})(\d{4})$/

/** A stored number as people read it: Brazil's in its groups, the others as they are. */
export const readablePhone = (e164: string) => e164.replace(BRAZIL, '+55 $1 $2-$3')
