/** An error as it is logged: kind, code and place. A parser's message is left out, for it quotes what it read. */
export const describeError = (error: unknown, depth = 0): Record<string, unknown> => {
  if (!(error instanceof Error)) return { kind: typeof error }
  const { name, code, message, stack, cause } = error as Error & { code?: unknown }
  return {
    kind: name,
    ...(typeof code === 'string' && { code }),
    ...(!(error instanceof SyntaxError) && { message }),
    stack: stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(cause !== undefined && depth < 3 && { cause: describeError(cause, depth + 1) }),
  }
}
