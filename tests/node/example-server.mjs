// An MCP server that has what the server scenarios of the official conformance suite ask for, in both ways of
// the protocol: with sessions (2025-11-25), and without (2026-07-28). It asks nobody who they are.
//
// Usage: example-server.mjs. Prints "listening on URL" once; its MCP endpoint is URL/mcp.

import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import {
  McpServer,
  ResourceTemplate,
  createMcpHandler,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  isLegacyRequest,
} from '@modelcontextprotocol/server';
import {
  NodeStreamableHTTPServerTransport,
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import { z } from 'zod';

const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const SOUND = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';
const text = (text) => ({ type: 'text', text });
const image = { type: 'image', data: PICTURE, mimeType: 'image/png' };
const embedded = (uri) => ({ type: 'resource', resource: { uri, mimeType: 'text/plain', text: `this is ${uri}` } });
const state = createRequestStateCodec({ key: randomBytes(32) });
/** Of JSON Schema, more than types. */
const rich = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' }, contactMethod: { type: 'string' }, phone: { type: 'string' }, email: { type: 'string' } },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};
/** One whose argument stands in a header as well. */
const inHeader = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } }, required: ['region'] };

function example() {
  const capabilities = { logging: {}, resources: { subscribe: true, listChanged: true }, completions: {}, tools: { listChanged: true }, prompts: { listChanged: true } };
  const server = new McpServer({ name: 'example', version: '1.0.0' }, { capabilities, requestState: { verify: state.verify } });
  const tool = (name, work, input) => server.registerTool(name, { description: name, inputSchema: z.object(input ?? {}) }, work);
  for (const [name, schema] of Object.entries({ json_schema_2020_12_tool: rich, test_in_header: inHeader })) {
    server.registerTool(name, { description: name, inputSchema: fromJsonSchema(schema) }, () => ({ content: [text('called')] }));
  }
  addContents(tool);
  addRequests(tool);
  addRounds(tool, server);
  addResources(server);
  addPrompts(server);
  return server;
}

/** Tools that answer with all kinds of contents, and on the way. */
function addContents(tool) {
  const says = (name, ...content) => tool(name, () => ({ content }));
  says('test_simple_text', text('This is a simple text response for testing.'));
  says('test_image_content', image);
  says('test_audio_content', { type: 'audio', data: SOUND, mimeType: 'audio/wav' });
  says('test_embedded_resource', embedded('test://embedded-resource'));
  says('test_multiple_content_types', text('Several'), image, embedded('test://mixed-content-resource'));
  tool('test_error_handling', () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  tool('test_tool_with_logging', async (_, { mcpReq }) => {
    for (const data of ['started', 'goes on', 'completed']) {
      await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
    }
    return { content: [text('done')] };
  });
  tool('test_tool_with_progress', async (_, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken ?? 0;
    for (const progress of [0, 50, 100]) {
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
    }
    return { content: [text(String(progressToken))] };
  });
  // Its stream closes while the call goes on: the client is to come back for the answer.
  tool('test_reconnection', async (_, { http }) => {
    http?.closeSSE?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { content: [text('done')] };
  });
}

/** Tools that ask the client in the middle of a call, as servers with sessions do: by the call's own stream,
 * since another may not be open yet. */
function addRequests(tool) {
  tool('test_sampling', async ({ prompt }, { mcpReq }) => {
    const messages = [{ role: 'user', content: text(prompt) }];
    const answer = await mcpReq.send({ method: 'sampling/createMessage', params: { messages, maxTokens: 100 } });
    return { content: [text(`LLM response: ${answer.content.text}`)] };
  }, { prompt: z.string() });
  const asks = (name, properties, input) => tool(name, async (said, { mcpReq }) => {
    const requestedSchema = { type: 'object', properties };
    const params = { message: said.message ?? name, requestedSchema };
    const answer = await mcpReq.send({ method: 'elicitation/create', params });
    return { content: [text(`action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`)] };
  }, input);
  asks('test_elicitation', { response: { type: 'string' } }, { message: z.string() });
  asks('test_elicitation_sep1034_defaults', {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  });
  const titled = ['1', '2', '3'].map((one) => ({ const: `value${one}`, title: `Choice ${one}` }));
  const several = ['option1', 'option2', 'option3'];
  asks('test_elicitation_sep1330_enums', {
    untitledSingle: { type: 'string', enum: several },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: several, enumNames: ['One', 'Two', 'Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: several } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  });
}

const elicit = (field, message) =>
  inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] } });
const sample = () =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text('What is the capital of France?') }], maxTokens: 100 });

/** Tools that want something of the client before they answer, in rounds, as servers without sessions do. */
function addRounds(tool, server) {
  const wants = (name, inputRequests, keeps) => tool(name, async (_, { mcpReq }) => {
    const has = mcpReq.inputResponses ?? {};
    const is = (key) => Object.hasOwn(has, key);
    if (Object.keys(inputRequests()).every(is) && (!keeps || mcpReq.requestState())) {
      return { content: [text(`state-ok ${JSON.stringify(has)}`)] };
    }
    const requestState = keeps ? await state.mint({ name }) : undefined;
    return inputRequired({ inputRequests: inputRequests(), ...(requestState && { requestState }) });
  });
  const name = () => ({ user_name: elicit('name', 'What is your name?') });
  wants('test_input_required_result_elicitation', name);
  wants('test_input_required_result_sampling', () => ({ capital_question: sample() }));
  wants('test_input_required_result_list_roots', () => ({ client_roots: inputRequired.listRoots() }));
  const confirm = () => ({ confirm: elicit('ok', 'Go on?') });
  wants('test_input_required_result_request_state', confirm, true);
  wants('test_input_required_result_tampered_state', confirm, true);
  wants('test_input_required_result_multiple_inputs', () => ({ ...name(), greeting: sample(), client_roots: inputRequired.listRoots() }), true);
  tool('test_input_required_result_multi_round', async (_, { mcpReq }) => {
    const round = (mcpReq.requestState()?.round ?? 0) + 1;
    if (round > 2) return { content: [text('done')] };
    const inputRequests = { [`step${round}`]: elicit('value', `Step ${round}`) };
    return inputRequired({ inputRequests, requestState: await state.mint({ round }) });
  });
  tool('test_input_required_result_capabilities', async (_, { mcpReq }) => {
    if (Object.keys(mcpReq.inputResponses ?? {}).length > 0) return { content: [text('done')] };
    const can = mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? {};
    const inputRequests = { ...(can.elicitation && { ask: elicit('value', 'Which?') }), ...(can.sampling && { think: sample() }) };
    return Object.keys(inputRequests).length > 0 ? inputRequired({ inputRequests }) : { content: [text('nothing to ask by')] };
  });
  tool('test_missing_capability', () => inputRequired({ inputRequests: { think: sample() } }));
  tool('test_streaming_elicitation', async (_, { mcpReq }) => {
    await mcpReq.notify({ method: 'notifications/progress', params: { progressToken: mcpReq._meta?.progressToken ?? 0, progress: 1 } });
    return { content: [text('done')] };
  });
  tool('test_logging_tool', async (_, { mcpReq }) => {
    await mcpReq.log('info', 'it works');
    return { content: [text('done')] };
  });
  for (const kind of ['tool', 'prompt']) {
    tool(`test_trigger_${kind}_change`, () => (modern.notify[`${kind}sChanged`](), { content: [text('done')] }));
  }
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks first' }, ({ mcpReq }) => {
    const has = mcpReq.inputResponses?.user_context;
    if (!has) return inputRequired({ inputRequests: { user_context: elicit('context', 'What for?') } });
    return { messages: [{ role: 'user', content: text(JSON.stringify(has)) }] };
  });
}

function addResources(server) {
  const add = (name, at, content) =>
    server.registerResource(name, at, { description: name }, (uri, found) => ({ contents: [{ uri: uri.href, ...content(found) }] }));
  add('static-text', 'test://static-text', () => ({ mimeType: 'text/plain', text: 'This is the content of the static text resource.' }));
  add('static-binary', 'test://static-binary', () => ({ mimeType: 'image/png', blob: PICTURE }));
  add('watched-resource', 'test://watched-resource', () => ({ mimeType: 'text/plain', text: 'Watched' }));
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  add('template', template, ({ id }) => ({ mimeType: 'application/json', text: JSON.stringify({ id, data: `Data for ID: ${id}` }) }));
  for (const method of ['resources/subscribe', 'resources/unsubscribe', 'logging/setLevel']) {
    server.server.setRequestHandler(method, () => ({}));
  }
  server.server.setRequestHandler('completion/complete', () => ({ completion: { values: ['paris'], total: 1, hasMore: false } }));
}

function addPrompts(server) {
  const says = (name, content, argsSchema) =>
    server.registerPrompt(name, { description: name, ...(argsSchema && { argsSchema: z.object(argsSchema) }) }, (said) => ({
      messages: content(said).map((content) => ({ role: 'user', content })),
    }));
  says('test_simple_prompt', () => [text('This is a simple prompt for testing.')]);
  says('test_prompt_with_arguments', ({ arg1, arg2 }) => [text(`arg1='${arg1}', arg2='${arg2}'`)], { arg1: z.string(), arg2: z.string() });
  says('test_prompt_with_embedded_resource', ({ resourceUri }) => [embedded(resourceUri), text('Look at it.')], { resourceUri: z.string() });
  says('test_prompt_with_image', () => [image, text('Look at it.')]);
}

/** Events of one session, for those who come back to a stream. */
function eventStore() {
  const kept = [];
  return {
    async storeEvent(stream, message) {
      const id = `${stream}/${kept.length}`;
      kept.push({ id, stream, message });
      return id;
    },
    async getStreamIdForEventId(id) {
      return kept.find((event) => event.id === id)?.stream;
    },
    async replayEventsAfter(last, { send }) {
      const at = kept.findIndex((event) => event.id === last);
      const { stream } = kept[at];
      for (const event of kept.slice(at + 1)) {
        if (event.stream === stream && Object.keys(event.message).length > 0) await send(event.id, event.message);
      }
      return stream;
    },
  };
}

const sessions = new Map();

async function legacy(request, response, body) {
  const named = request.headers['mcp-session-id'];
  const found = named && sessions.get(named);
  if (found) return found.handleRequest(request, response, body);
  if (named || body?.method !== 'initialize') {
    response.writeHead(named ? 404 : 400, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32001, message: 'No such session' } }));
  }
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: eventStore(),
    retryInterval: 500,
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => sessions.delete(id),
  });
  await example().connect(transport);
  return transport.handleRequest(request, response, body);
}

const modern = createMcpHandler(example, { legacy: 'reject' });
const serveModern = toNodeHandler(modern);
const [isOurHost, isOurOrigin] = [localhostHostValidation(), localhostOriginValidation()];
const http = createServer(async (request, response) => {
  if (!isOurHost(request, response) || !isOurOrigin(request, response)) return;
  if (request.url !== '/mcp') return response.writeHead(404).end();
  let whole = '';
  for await (const piece of request) whole += piece;
  let body;
  try {
    body = whole && JSON.parse(whole);
  } catch {
    return response.writeHead(400).end();
  }
  const arrived = new Request(`http://${request.headers.host}/mcp`, { method: request.method, headers: Object.entries(request.headers) });
  if (await isLegacyRequest(arrived, body)) return legacy(request, response, body);
  return serveModern(request, response, body);
});
await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
console.log(`listening on http://127.0.0.1:${http.address().port}`);
