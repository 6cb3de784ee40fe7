// The same scenarios against every adapter, in the real framework.
import { FRAMEWORKS } from './support/frameworks.mjs'
import { LAMBDAS } from './support/lambdas.mjs'
import { runScenarios } from './support/scenarios.mjs'

for (const framework of [...FRAMEWORKS, ...LAMBDAS]) runScenarios(framework)
