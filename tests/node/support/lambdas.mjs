// The events of AWS Lambda in the shapes that AWS documents, and a function called with them.
import { webhook } from 'hookproof/lambda'

const SHAPES = {
  'API Gateway, format 1.0': ({ method, path, query, lines, body }) => ({
    version: '1.0',
    resource: '/hooks',
    path,
    httpMethod: method,
    headers: Object.fromEntries(lines),
    multiValueHeaders: lists(lines),
    queryStringParameters: query && Object.fromEntries(new URLSearchParams(query)),
    multiValueQueryStringParameters: query && lists([...new URLSearchParams(query)]),
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'id',
      domainName: 'id.execute-api.us-east-1.amazonaws.com',
      httpMethod: method,
      path: `/prod${path}`,
      protocol: 'HTTP/1.1',
      requestId: 'id=',
      resourcePath: '/hooks',
      stage: 'prod',
    },
    body: text(body),
    isBase64Encoded: isBinary(body),
  }),
  'API Gateway, format 2.0': versionTwo(isBinary),
  'a function URL, all in base64': versionTwo(() => true),
  'a load balancer': ({ method, path, query, lines, body }) => ({
    requestContext: {
      elb: {
        targetGroupArn:
          'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/hooks/49e9d65c45c6791a',
      },
    },
    httpMethod: method,
    path,
    queryStringParameters: raw(query),
    headers: Object.fromEntries(lines),
    body: text(body) ?? '',
    isBase64Encoded: isBinary(body),
  }),
  'a load balancer with lists': ({ method, path, query, lines, body }) => ({
    requestContext: {
      elb: {
        targetGroupArn:
          'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/hooks/49e9d65c45c6791a',
      },
    },
    httpMethod: method,
    path,
    multiValueQueryStringParameters: lists(Object.entries(raw(query))),
    multiValueHeaders: lists(lines),
    body: text(body) ?? '',
    isBase64Encoded: isBinary(body),
  }),
}

export const LAMBDAS = Object.entries(SHAPES).map(([name, shape]) => ({
  name: `Lambda behind ${name}`,
  open: async (_context, { provider, options, handler, parsed }) => {
    const receive = webhook(provider, options, (event) => handler(event))
    return {
      async send(request) {
        const event = eventOf(shape, request)
        if (parsed)
          event.body = JSON.parse(Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8'))
        return responseOf(await receive(event, { awsRequestId: 'id' }), event)
      },
    }
  },
  fix: 'httpJsonBodyParser',
  canChunk: false,
}))

/** Makes the event that AWS makes of a request. */
export function eventOf(shape, { method, headers, body, path = '/hooks' }) {
  const [pathname, query = ''] = path.split('?')
  const build = typeof shape === 'function' ? shape : SHAPES[shape]
  const lines = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return build({ method, path: pathname, query, lines, body: method === 'GET' ? undefined : body })
}

/** Reads a result as AWS does; a load balancer refuses one whose headers are not in the form of the request's. */
function responseOf({ statusCode, headers, multiValueHeaders, body }, event) {
  const wantsLists = event.requestContext.elb !== undefined && event.headers === undefined
  const given = wantsLists ? multiValueHeaders : headers
  if (given === undefined) throw new Error('502: the result has no headers in the form of the request')
  return {
    status: statusCode,
    text: body,
    headers: new Headers(Object.entries(given).map(([n, v]) => [n, String(v)])),
  }
}

function versionTwo(isEncoded) {
  return ({ method, path, query, lines, body }) => ({
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: Object.fromEntries(lines),
    queryStringParameters: query ? Object.fromEntries(new URLSearchParams(query)) : undefined,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api-id',
      domainName: 'id.lambda-url.us-east-1.on.aws',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'agent' },
      requestId: 'id',
      routeKey: '$default',
      stage: '$default',
      timeEpoch: 1583348638390,
    },
    body: body === undefined ? undefined : isEncoded(body) ? body.toString('base64') : body.toString(),
    isBase64Encoded: body !== undefined && isEncoded(body),
  })
}

function text(body) {
  if (body === undefined) return null
  return body.toString(isBinary(body) ? 'base64' : 'utf8')
}

function isBinary(body) {
  return body !== undefined && !Buffer.from(body.toString()).equals(body)
}

function lists(pairs) {
  const found = {}
  for (const [name, value] of pairs) found[name] = [...(found[name] ?? []), value]
  return found
}

/** A load balancer hands the parts of a query over as they came. */
function raw(query) {
  return Object.fromEntries(query ? query.split('&').map((part) => part.split('=')) : [])
}
