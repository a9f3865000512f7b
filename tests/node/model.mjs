// A model on loopback that always does the same, for programs that need one: it calls the tool whose name
// ends in WANTED; where there is none, the one whose name begins with connect_to_, and then looks again; and
// says "DONE: RESULT" or "NO TOOL: RESULT" at the end. It speaks as OpenAI (chat and responses), Anthropic
// and Gemini do, streamed or whole.
//
// Usage: model.mjs WANTED [--port PORT]. Prints "listening on URL", a line for each thing that it says, and
// one before it with the tools that it was offered.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string', default: '0' } },
});
const [wanted] = positionals;
let calls = 0;

// What to say to tools with these names, after these results of calls: `{ name, result }`.
function say(names, results) {
  const named = (end) => names.find((name) => end.test(name));
  const tool = named(new RegExp(`(^|[^a-z])${wanted}$`));
  const done = results.findLast((one) => tool && one.name === tool);
  if (done) return { text: `DONE: ${done.result}` };
  if (tool) return { call: tool };
  const waiting = named(/connect_to_/);
  const waited = results.findLast((one) => /connect_to_/.test(one.name ?? ''));
  if (waiting && !waited) return { call: waiting };
  return { text: `NO TOOL: ${waited?.result ?? names.filter((name) => /toolbox/.test(name)).join(' ')}` };
}

const flat = (value) => (typeof value === 'string' ? value : JSON.stringify(value ?? '')).slice(0, 600);

// Of each form: which tools and results are in a request, and how an answer is written.
const chat = {
  names: (body) => (body.tools ?? []).map((tool) => tool.function?.name ?? tool.name),
  results(body) {
    const names = new Map();
    const results = [];
    for (const message of body.messages ?? []) {
      for (const call of message.tool_calls ?? []) names.set(call.id, call.function.name);
      if (message.role === 'tool') results.push({ name: names.get(message.tool_call_id), result: flat(message.content) });
    }
    return results;
  },
  answer(said, body) {
    const id = `call_${++calls}`;
    const tool_calls = said.call && [{ index: 0, id, type: 'function', function: { name: said.call, arguments: '{}' } }];
    const message = { role: 'assistant', content: said.text ?? null, ...(tool_calls && { tool_calls }) };
    const finish_reason = said.call ? 'tool_calls' : 'stop';
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const head = { id: `chat-${calls}`, created: 1, model: body.model };
    if (!body.stream) return [{ ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason }], usage }];
    const chunk = (delta, finish_reason = null) => ({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
    return [chunk(message), chunk({}, finish_reason), { ...head, object: 'chat.completion.chunk', choices: [], usage }, '[DONE]'];
  },
};

const responses = {
  // Tools of one server may be in a namespace of its name.
  names: (body) => (body.tools ?? []).flatMap((tool) => (tool.tools ?? [tool]).map((one) => (tool.tools ? `${tool.name}/${one.name}` : one.name))).filter(Boolean),
  results(body) {
    const names = new Map();
    const results = [];
    for (const item of Array.isArray(body.input) ? body.input : []) {
      if (item.type === 'function_call') names.set(item.call_id, item.namespace ? `${item.namespace}/${item.name}` : item.name);
      if (item.type === 'function_call_output') results.push({ name: names.get(item.call_id), result: flat(item.output) });
    }
    return results;
  },
  answer(said, body) {
    const id = `call_${++calls}`;
    const [name, namespace] = (said.call ?? '').split('/').reverse();
    const item = said.call
      ? { type: 'function_call', id: `f_${calls}`, call_id: id, name, arguments: '{}', status: 'completed', ...(namespace && { namespace }) }
      : { type: 'message', id: `m_${calls}`, role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: said.text, annotations: [] }] };
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
    const response = { id: `r_${calls}`, object: 'response', created_at: 1, model: body.model, status: 'completed', output: [item], usage };
    if (!body.stream) return [response];
    const events = [
      { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
      { type: 'response.output_item.added', output_index: 0, item },
      ...(said.text ? [{ type: 'response.output_text.delta', item_id: item.id, output_index: 0, content_index: 0, delta: said.text }] : []),
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response },
    ];
    return events.map((event, sequence_number) => ({ ...event, sequence_number }));
  },
};

const messages = {
  names: (body) => (body.tools ?? []).map((tool) => tool.name),
  results(body) {
    const names = new Map();
    const results = [];
    for (const block of (body.messages ?? []).flatMap((message) => (Array.isArray(message.content) ? message.content : []))) {
      if (block.type === 'tool_use') names.set(block.id, block.name);
      if (block.type === 'tool_result') results.push({ name: names.get(block.tool_use_id), result: flat(block.content) });
    }
    return results;
  },
  answer(said, body) {
    const block = said.call
      ? { type: 'tool_use', id: `toolu_${++calls}`, name: said.call, input: {} }
      : { type: 'text', text: said.text };
    const stop_reason = said.call ? 'tool_use' : 'end_turn';
    const usage = { input_tokens: 1, output_tokens: 1 };
    const message = { id: `msg_${calls}`, type: 'message', role: 'assistant', model: body.model, content: [block], stop_reason, stop_sequence: null, usage };
    if (!body.stream) return [message];
    const delta = said.call ? { type: 'input_json_delta', partial_json: '{}' } : { type: 'text_delta', text: said.text };
    return [
      { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: said.call ? { ...block, input: {} } : { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
      { type: 'message_stop' },
    ];
  },
};

const gemini = {
  names: (body) => (body.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []).map((one) => one.name),
  results(body) {
    const parts = (body.contents ?? []).flatMap((content) => content.parts ?? []);
    const told = parts.map((part) => part.functionResponse).filter(Boolean);
    return told.map((one) => ({ name: one.name, result: flat(one.response) }));
  },
  answer(said) {
    const part = said.call ? { functionCall: { name: said.call, args: {} } } : { text: said.text };
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 };
    return [{ candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }], usageMetadata }];
  },
};

function form(path) {
  if (path.includes('generateContent') || path.includes('GenerateContent')) return gemini;
  if (path.endsWith('/messages')) return messages;
  if (path.endsWith('/responses')) return responses;
  return path.endsWith('/chat/completions') ? chat : undefined;
}

const http = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  let text = '';
  for await (const piece of request) text += piece;
  const spoken = form(pathname);
  if (!spoken || request.method !== 'POST') {
    console.log(`nothing at ${request.method} ${pathname}`);
    const models = [{ id: 'scripted', object: 'model', name: 'scripted' }];
    response.writeHead(pathname.includes('models') ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', data: models, models: [] }));
    return;
  }
  const body = JSON.parse(text);
  const said = say(spoken.names(body), spoken.results(body));
  // Beside the conversation, programs ask for a title or a summary: without tools.
  if (spoken.names(body).length) console.log(`offered ${JSON.stringify(spoken.names(body))}`);
  console.log(spoken.names(body).length ? `says ${JSON.stringify(said)}` : 'says something beside');
  const answer = spoken.answer(spoken.names(body).length ? said : { text: 'Scripted' }, body);
  const streams = body.stream || pathname.includes('streamGenerateContent');
  response.writeHead(200, { 'Content-Type': streams ? 'text/event-stream' : 'application/json' });
  if (!streams) return response.end(JSON.stringify(answer[0]));
  for (const event of answer) {
    const kind = event.type ? `event: ${event.type}\n` : '';
    response.write(`${kind}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
  }
  response.end();
});
await new Promise((resolve) => http.listen(Number(options.port), '127.0.0.1', resolve));
console.log(`listening on http://127.0.0.1:${http.address().port}`);
