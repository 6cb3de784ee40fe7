// The package as CommonJS sees it.
import hookproof = require('hookproof')
import adapter = require('hookproof/express')

const verifier: hookproof.Verifier = new hookproof.Verifier('fourvenues', { secret: 's3cr3t' })
adapter.webhook(verifier)
// @ts-expect-error: the verifier is no provider
new hookproof.Verifier(verifier)

import lambda = require('hookproof/lambda')
import nest = require('hookproof/nest')

lambda.webhook(verifier, {}, (event) => console.log(event.id))
const interceptor: { intercept: unknown } = nest.webhook(verifier)
export { interceptor }
