/** The data folder of the demo, made again at each of its starts. */
export const demoFolder = './demo-data'
