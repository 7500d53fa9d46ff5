/** The codes of a closed list that is a table, as `z.enum` takes them: never none. */
export const codesOf = <Code extends string>(table: Readonly<Record<Code, unknown>>): [Code, ...Code[]] =>
  Object.keys(table) as [Code, ...Code[]]
