/** `@jest/globals`: the functions of the test file that runs now. Ask for them where they are called, and keep none. */

export let afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test

export const setGlobals = (globals) => {
  ;({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globals)
}
