/** What several pages show alike: states, problems, empty lists, dialogs, curl lines. */
import {address, ask, once, Problem, send} from './api.js';
import {copyButton, fill, h, say} from './dom.js';
import {key} from './key.js';

const GLYPHS = {QUEUED: '◌', RUNNING: '▶', PAUSING: '‖', PAUSED: '‖', CANCELLING: '■', CANCELLED: '■', SUCCEEDED: '✓', FAILED: '✕', IMPORTING: '▶', READY: '✓', LIVE: '●', DRAINING: '◐', LOST: '✕'};
export const ENDED = ['CANCELLED', 'SUCCEEDED', 'FAILED'];

/** A state as a sign and a word: never by colour alone. */
export const badge = (state) => h('span', {class: 'state ' + state.toLowerCase()}, h('i', {'aria-hidden': 'true'}, GLYPHS[state] || '·'), state.toLowerCase());

/** Everything that the service says about a refusal. */
export function problem(e) {
  if (!(e instanceof Problem)) return h('div.problem', {role: 'alert'}, h('strong', e instanceof TypeError ? 'The service did not answer.' : e.message), e instanceof TypeError ? h('p', 'It may be starting, or the network is away.') : null);
  return h('div.problem', {role: 'alert'},
    h('strong', e.message),
    e.fix ? h('p', e.fix) : null,
    e.blockers.length ? h('ul', e.blockers.map((b) => h('li', b))) : null,
    e.errors.length ? h('ul', e.errors.map((f) => h('li', h('code', f.field), ' ' + f.message))) : null,
    h('p.muted', e.title + (e.requestId ? ' · request ' + e.requestId : '')));
}

/** A page that cannot be shown. */
export function failure(content, e) {
  if (e.name === 'AbortError') return;
  if (!(e instanceof Problem) && !(e instanceof TypeError)) console.warn(e);
  fill(content, h('h1', e.status === 404 ? 'It is not here' : 'That did not work'), problem(e),
    h('p', h('a', {href: '#/home'}, 'Home')));
}

/** A sentence and what to do next. */
export const empty = (text, ...next) => h('div.empty', h('p', text), next);

/** The command that does the same, or several, each an array of what `command` takes. */
export function curl(...commands) {
  const all = (Array.isArray(commands[0]) ? commands : [commands]).map((c) => command(...c));
  return h('details.curl', h('summary', 'as curl'), all.map((line) => h('div', h('code', line), navigator.clipboard ? copyButton(() => line) : null)));
}

function command(method, path, body, extra) {
  return ['curl', method === 'GET' ? '' : '-X ' + method, key() ? '-H "Authorization: Bearer $key"' : '',
    body ? "-H 'Content-Type: application/json' -d '" + JSON.stringify(body).replaceAll("'", "'\\''") + "'" : '', extra || '',
    "'" + address(path) + "'"].filter(Boolean).join(' ');
}

/** A button that does something and shows beside itself what the service says against it. */
export function action(label, does, {kind = '', title} = {}) {
  const button = h('button', {type: 'button', class: kind, title, onclick: async () => {
    button.disabled = true;
    try {
      await does();
    } catch (e) {
      alertBox(e);
    } finally {
      button.disabled = false;
    }
  }}, label);
  return button;
}

export function alertBox(e) {
  if (e.name !== 'AbortError') dialog('That did not work', problem(e), []);
}

/** A dialog; `buttons` are `[label, does, kind]`. It closes by Esc, and focus goes back. */
export function dialog(title, content, buttons) {
  const from = document.activeElement;
  const said = h('div');
  const box = h('dialog', {'aria-label': title, onclose: () => { box.remove(); from?.focus?.(); }},
    h('h2', title), h('div.body', content), said,
    h('div.actions', buttons.map(([label, does, kind]) => h('button', {type: 'button', class: kind || '', onclick: async (e) => {
      e.currentTarget.disabled = true;
      try {
        await does();
        box.close();
      } catch (problemOf) {
        fill(said, problem(problemOf));
        e.target.disabled = false;
      }
    }}, label)), h('button', {type: 'button', onclick: () => box.close()}, buttons.length ? 'Not now' : 'Close')));
  document.body.append(box);
  box.showModal();
  return box;
}

/** A labelled input of a dialog. */
export const field = (label, input, help) => h('div.field', {style: {'margin-bottom': '10px'}}, h('label', {for: input.id}, label), input, help ? h('p.muted', help) : null);

/** Shows in a dialog the command that does the same, as long as its fields make one. */
export function showCommand(box, command) {
  const place = h('div');
  const show = () => {
    try {
      fill(place, command());
    } catch (e) {
      fill(place, h('p.muted', e.message)); // as of a rule that is half written
    }
  };
  box.querySelector('.body').append(place);
  box.addEventListener('change', show);
  show();
}

/** Asks before something goes; the request counts once however often it is sent. */
export function confirm(title, content, label, method, path, body, then) {
  const headers = once();
  return dialog(title, [content, curl(method, path, body)], [[label, async () => {
    const answer = await send(method, path, body, {headers});
    say(label + ' done');
    await then?.(answer);
  }, 'danger']]);
}

/** A picture behind a key: fetched when it comes into sight, let go when it leaves the page. */
export function picture(path, alt, props = {}, options = {}) {
  const image = h('img', {alt, ...props});
  image.asked = [path, options];
  seen.observe(image);
  return image;
}
const seen = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach(async ({target}) => {
  seen.unobserve(target);
  try {
    const blob = await (await ask(...target.asked)).blob();
    target.addEventListener('load', () => URL.revokeObjectURL(target.src), {once: true});
    target.src = URL.createObjectURL(blob);
  } catch (e) {
    target.replaceWith(h('span.muted', e.message)); // as of a batch that there are too few pictures for
  }
}), {rootMargin: '300px'});

/** Saves what a route answers as a file. */
export async function download(path, name, headers) {
  const blob = await (await ask(path, {headers})).blob();
  const link = h('a', {href: URL.createObjectURL(blob), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Where it is kept whether `/` and `?` are heard: who speaks to a computer says them by accident. */
export const SINGLE = 'onecycle-single-keys';

export function shortcuts() {
  const row = (keys, what) => h('tr', h('td', keys.split(' ').map((k) => h('kbd', k))), h('td', what));
  dialog('Keys', [h('table.plain', h('tbody', row('/', 'to the filter'), row('?', 'this'), row('← → ↑ ↓', 'along a curve, a grid or a matrix'), row('+ −', 'a curve from closer or farther'), row('Enter', 'opens what is chosen'), row('Esc', 'closes, or shows all of a curve'))),
    h('label.check', h('input', {type: 'checkbox', checked: localStorage.getItem(SINGLE) !== 'off', onchange: (e) => localStorage.setItem(SINGLE, e.target.checked ? 'on' : 'off')}), ' / and ? work anywhere on the page')], []);
}
