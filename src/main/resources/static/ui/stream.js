/** A run's events as they happen: lines over fetch, which unlike EventSource can send the key. */
import {ask, offline, online, Problem, sleep, visible} from './api.js';

const SILENCE = 40_000; // the service shows every 15 s that it lives
const LONGEST = 30_000;

/**
 * Calls `event` with each event numbered above `after`, in order and once each, over any number of
 * cuts, while the page is seen; ends with the run. `state` hears 'live', 'offline' and 'ended'.
 */
export async function follow(run, after, signal, event, state) {
  let last = after;
  let failures = 0;
  while (!signal.aborted) {
    await visible(signal);
    const cut = new AbortController();
    const hide = () => document.visibilityState === 'hidden' && cut.abort();
    const leave = () => cut.abort();
    document.addEventListener('visibilitychange', hide);
    signal.addEventListener('abort', leave, {once: true});
    try {
      const answer = await ask('runs/' + run + '/events', {
        signal: cut.signal, cache: 'no-store',
        headers: {Accept: 'application/x-ndjson', 'Last-Event-ID': String(last)},
      });
      failures = 0;
      if (answer.status === 204) return state('ended');
      state('live');
      await lines(answer.body, cut, (line) => {
        const told = JSON.parse(line);
        if (told.id > last) {
          last = told.id;
          event(told);
        }
      });
      failures = 1; // the service ended it: asking again answers 204 where the run is over
      await sleep(300, signal);
    } catch (e) {
      if (signal.aborted) return;
      if (cut.signal.aborted && document.visibilityState === 'hidden') continue;
      if (e instanceof Problem && e.status < 500 && e.status !== 429) throw e;
      if (!(e instanceof Problem)) offline();
      state('offline');
      const wait = e.retryAfter ? e.retryAfter * 1000 : Math.min(LONGEST, 1000 * 2 ** failures++);
      await Promise.race([sleep(wait * (0.8 + 0.4 * Math.random()), signal), reachable(signal)]);
    } finally {
      document.removeEventListener('visibilitychange', hide);
      signal.removeEventListener('abort', leave);
    }
  }
}

const reachable = (signal) => new Promise((done) =>
  window.addEventListener('online', done, {once: true, signal}));

async function lines(body, cut, line) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let timer = setTimeout(() => cut.abort(), SILENCE);
  try {
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => cut.abort(), SILENCE);
      online();
      const parts = (rest + value).split('\n');
      rest = parts.pop();
      parts.filter((part) => part).forEach(line);
    }
  } finally {
    clearTimeout(timer);
  }
}
