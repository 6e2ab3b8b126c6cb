/** The shell: an address such as #/run/ID opens pages/run.js; also who is here, and what is wrong. */
import {connection, get} from './api.js';
import {fill, h, say} from './dom.js';
import {forgetKey, key} from './key.js';
import {failure, shortcuts, SINGLE} from './parts.js';

const PAGES = ['runs', 'datasets', 'models', 'fleet'];
const BELONGS = {run: 'runs', evaluation: 'runs', compare: 'runs', new: 'runs', lr: 'runs', predictions: 'runs', search: 'runs', searches: 'runs', labels: 'datasets', dataset: 'datasets', model: 'models'};
const RANK = ['viewer', 'trainer', 'admin'];
const THEMES = {system: '◐', light: '○', dark: '●'};
const nav = document.querySelector('nav');
const main = document.querySelector('main');
let leave = new AbortController();

/** Who is here; `may('trainer')` says whether a button is of use. */
const me = {name: null, role: 'viewer', keyless: false, may: (role) => RANK.indexOf(me.role) >= RANK.indexOf(role)};

function place() {
  const [path, query] = (location.hash.slice(2) || 'home').split('?');
  const [page, ...id] = path.split('/');
  return {page, id: id.map(decodeURIComponent).join('/'), query: new URLSearchParams(query)};
}

async function open() {
  const {page, id, query} = place();
  if (location.hash === '#main') return main.focus();
  leave.abort();
  leave = new AbortController();
  const {signal} = leave;
  document.querySelectorAll('dialog:not(.key)').forEach((d) => d.remove());
  fill(nav, PAGES.map((name) => h('a', {href: '#/' + name, 'aria-current': (BELONGS[page] || page) === name && 'page'}, name[0].toUpperCase() + name.slice(1))));
  const content = h('div.page', {class: 'page ' + page});
  const slow = setTimeout(() => main.classList.add('waiting'), 200);
  try {
    if (!me.known) await whoIsHere();
    if (!/^[a-z]+$/.test(page)) throw new Error('There is no page ' + page);
    const code = await import('./pages/' + page + '.js').catch(() => { throw new Error('There is no page "' + page + '".'); });
    await code.show(content, {id, query, signal, me, fail: (e) => { if (!signal.aborted) failure(content, e); }});
  } catch (e) {
    if (signal.aborted) return;
    failure(content, e);
  } finally {
    clearTimeout(slow);
  }
  if (signal.aborted) return;
  main.classList.remove('waiting');
  fill(main, content);
  const title = content.querySelector('h1');
  document.title = (title ? title.textContent + ' · ' : '') + 'Onecycle';
  window.scrollTo(0, history.state?.scroll || 0);
  title?.setAttribute('tabindex', '-1');
  title?.focus({preventScroll: true});
}

async function whoIsHere() {
  Object.assign(me, await get('me'), {known: true});
  const theme = h('button.quiet', {type: 'button', onclick: nextTheme});
  fill(document.querySelector('.who'),
    me.keyless ? null : h('span.muted', me.role + ' “' + me.name + '”'),
    me.keyless || !key() ? null : h('button.quiet', {type: 'button', onclick: () => { forgetKey(); location.reload(); }}, 'Log out'),
    h('a.quiet', {href: '../docs', title: 'Every route'}, 'API'),
    theme,
    h('button.quiet', {type: 'button', onclick: shortcuts, 'aria-label': 'Keys of this page', title: 'Keys of this page'}, '?'));
  showTheme(theme);
}

function nextTheme(event) {
  const names = Object.keys(THEMES);
  const next = names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length];
  localStorage.setItem('onecycle-theme', next);
  document.documentElement.dataset.theme = next;
  showTheme(event.currentTarget);
  window.dispatchEvent(new Event('theme'));
}

function showTheme(button) {
  const name = document.documentElement.dataset.theme;
  button.textContent = THEMES[name];
  button.title = 'Colours: ' + name;
  button.setAttribute('aria-label', 'Colours: ' + name);
}

const banner = document.getElementById('banner');
connection.addEventListener('offline', () => {
  const at = connection.since.toTimeString().slice(0, 5);
  fill(banner, h('div.banner', 'Not connected since ' + at + '. What is shown is from then; it goes on by itself. ', h('button.quiet', {type: 'button', onclick: () => window.dispatchEvent(new Event('online'))}, 'Try now')));
});
connection.addEventListener('online', () => { fill(banner); say('Connected again'); });

document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || localStorage.getItem(SINGLE) === 'off' || /INPUT|SELECT|TEXTAREA/.test(e.target.tagName)) return;
  if (e.key === '?') shortcuts();
  if (e.key === '/') {
    const filter = main.querySelector('[data-filter]');
    if (filter) { e.preventDefault(); filter.focus(); }
  }
});
window.addEventListener('hashchange', open);
window.addEventListener('scrollend', () => history.replaceState({...history.state, scroll: window.scrollY}, ''));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => window.dispatchEvent(new Event('theme')));
open();
