/**
 * Runs a test file as Node runs any file. A module is loaded, compiled and optimised once in each worker: jest's own way
 * loads the whole service again for every test file. So modules, and what they keep, are shared by the test files of a
 * worker.
 */
import { createRequire, registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import circus from 'jest-circus/runner'
import { setGlobals } from './globals.js'

const require = createRequire(import.meta.url)
const globals = new URL('globals.js', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
})

/** What jest's runner of one test file needs of jest's module system. */
const nativeModules = {
  // jest's functions keep the tests of a file in their module, so each file gets a new one
  requireInternalModule: (path) => {
    delete require.cache[path]
    return require(path)
  },
  requireModule: require,
  setGlobalsForRuntime: setGlobals,
  unstable_shouldLoadAsEsm: () => true,
  unstable_importModule: (path) => import(pathToFileURL(path).href),
  enterTestCode: () => undefined,
  leaveTestCode: () => undefined,
}

let isMeasured = false

/** From now on, what is loaded counts what of it runs, in `globalThis.__coverage__`. */
const measure = async ({ collectCoverage, collectCoverageFrom, coverageProvider }, config) => {
  if (!collectCoverage || isMeasured) return
  isMeasured = true
  const { createScriptTransformer, shouldInstrument } = await import('@jest/transform')
  const transformer = await createScriptTransformer(config)
  const options = { collectCoverage, collectCoverageFrom, coverageProvider, supportsStaticESM: true }
  registerHooks({
    load: (url, context, next) => {
      const path = url.startsWith('file:') ? fileURLToPath(url) : ''
      if (!path.endsWith('.ts') || !shouldInstrument(path, options, config)) return next(url, context)
      return { format: 'module', source: transformer.transform(path, options).code, shortCircuit: true }
    },
  })
}

const runTestFile = async (globalConfig, config, environment, _, path, sendMessage) => {
  await measure(globalConfig, config)
  const before = new Set(Object.getOwnPropertySymbols(globalThis))
  try {
    return await circus.default(globalConfig, config, environment, nativeModules, path, sendMessage)
  } finally {
    // jest keeps its state there, and with it all that the tests refer to
    for (const symbol of Object.getOwnPropertySymbols(globalThis))
      if (!before.has(symbol)) Reflect.deleteProperty(globalThis, symbol)
  }
}
export default runTestFile
