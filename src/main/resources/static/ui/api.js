/** The service's routes, relative to this file, so that any prefix of a proxy does. */
import {askForKey, key} from './key.js';

const ROOT = new URL('../api/v1/', import.meta.url);

/** Tells 'online' and 'offline' as requests come through or not. */
export const connection = new EventTarget();
connection.since = null;

/** A refusal in the words of the service (RFC 9457). */
export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body.detail || body.title || 'HTTP ' + status);
    this.status = status;
    this.title = body.title || 'HTTP ' + status;
    this.fix = body.fix;
    this.errors = body.errors || [];
    this.blockers = body.blockers || [];
    this.requestId = body.requestId;
    this.retryAfter = retryAfter;
  }
}

export const address = (path) => new URL(path, ROOT).href;

/** One request with the key in its header; throws a Problem, or the network's own error. */
export async function ask(path, options = {}) {
  const headers = new Headers(options.headers);
  if (key()) headers.set('Authorization', 'Bearer ' + key());
  let answer;
  try {
    answer = await fetch(address(path), {...options, headers, cache: options.cache || 'default'});
  } catch (e) {
    if (e.name !== 'AbortError') offline();
    throw e;
  }
  online();
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  if (answer.status === 401 && !options.silent) {
    await askForKey(problem);
    return ask(path, options);
  }
  throw problem;
}

async function problemOf(answer) {
  const body = await answer.json().catch(() => ({}));
  return new Problem(answer.status, body, Number(answer.headers.get('Retry-After')) || null);
}

export async function get(path, options) {
  return (await ask(path, options)).json();
}

/** Sends JSON, or a body of a type of its own; answers JSON or, where there is none, null. */
export async function send(method, path, body, {headers = {}, signal} = {}) {
  const raw = body instanceof Blob || body instanceof FormData;
  const type = body == null || raw ? {} : {'Content-Type': 'application/json'};
  const answer = await ask(path, {
    method, signal, headers: {...type, ...headers},
    body: body == null ? undefined : raw ? body : JSON.stringify(body),
  });
  return answer.status === 204 ? null : answer.json();
}

/** What makes a click count once, however often its request is sent. */
export function once() {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return {'Idempotency-Key': Array.from(random, (b) => b.toString(16).padStart(2, '0')).join('')};
}

/** Calls `load` now and then every `wait(result)` ms while the page is seen, until `signal` aborts. */
export async function poll(signal, load, wait) {
  while (!signal.aborted) {
    let pause = 5000;
    try {
      pause = wait(await load());
    } catch (e) {
      if (e instanceof Problem && !e.retryAfter) throw e;
      pause = (e.retryAfter || 5) * 1000;
    }
    await sleep(pause, signal);
    await visible(signal);
  }
}

/** Resolves after that time, or when `signal` aborts. */
export const sleep = (ms, signal) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  signal?.addEventListener('abort', () => { clearTimeout(timer); done(); }, {once: true});
});

/** Resolves as soon as somebody can see the page. */
export const visible = (signal) => new Promise((done) => {
  const look = () => {
    if (document.visibilityState === 'visible' || signal.aborted) {
      document.removeEventListener('visibilitychange', look);
      done();
    }
  };
  document.addEventListener('visibilitychange', look);
  signal.addEventListener('abort', look, {once: true});
  look();
});

export function offline() {
  if (!connection.since) {
    connection.since = new Date();
    connection.dispatchEvent(new Event('offline'));
  }
}

export function online() {
  if (connection.since) {
    connection.since = null;
    connection.dispatchEvent(new Event('online'));
  }
}
