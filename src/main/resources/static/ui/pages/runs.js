/** Runs: a table in parts of 50, its filter in the address. */
import {get, poll, send, sleep} from '../api.js';
import {fill, h, keyed} from '../dom.js';
import {bytes, clock, count, duration, longTime, percent, span, whole} from '../format.js';
import {action, badge, confirm, curl, dialog, empty, ENDED} from '../parts.js';
import {kind, KINDS, link} from '../runlink.js';

const STATES = ['QUEUED', 'RUNNING', 'PAUSED', 'SUCCEEDED', 'FAILED', 'CANCELLED'];
const ORDERS = {'-createdAt': 'newest', createdAt: 'oldest', '-accuracy': 'most accurate', '-priority': 'priority'};

export async function show(page, {query, signal, me, fail}) {
  const filter = {state: query.get('state') || '', dataset: query.get('dataset') || '', tag: query.get('tag') || '', kind: query.get('kind') || '', q: query.get('q') || '', sort: query.get('sort') || '-createdAt'};
  const picked = new Set();
  const rows = h('tbody');
  const number = h('span.muted');
  const older = h('button', {type: 'button', hidden: true, onclick: () => more()}, 'Show older');
  const bar = h('div.picked', {hidden: true});
  const none = h('div');
  const datasets = (await get('datasets?limit=100', {signal})).items;
  const names = new Map(datasets.map((d) => [d.id, d.name]));
  let runs = [];
  let cursor = null;

  const path = (after) => 'runs?' + new URLSearchParams(Object.entries({...filter, limit: 50, cursor: after || ''}).filter(([, v]) => v));
  const choose = (name, values, label, shown = (v) => v) => h('select', {'aria-label': label, onchange: (e) => change(name, e.target.value)},
    h('option', {value: ''}, label), values.map((v) => h('option', {value: v, selected: filter[name] === v}, shown(v))));

  function change(name, value) {
    filter[name] = value;
    const said = new URLSearchParams(Object.entries(filter).filter(([k, v]) => v && !(k === 'sort' && v === '-createdAt')));
    history.replaceState(history.state, '', '#/runs' + (said.size ? '?' + said : ''));
    picked.clear();
    void load().catch(fail);
  }

  let typing = null;
  const search = h('input', {type: 'search', placeholder: 'Name', 'aria-label': 'Name contains', 'data-filter': '', value: filter.q, oninput: (e) => {
    typing?.abort();
    typing = new AbortController();
    const mine = typing.signal;
    void sleep(250, mine).then(() => mine.aborted || change('q', e.target.value.trim()));
  }});
  fill(page,
    h('div.head', h('h1', 'Runs'), number, h('a.quiet', {href: '#/searches'}, 'Searches'), me.may('trainer') ? h('a.button.primary', {href: '#/new'}, 'New run') : null),
    h('div.filters', search, choose('state', STATES, 'Any state', (s) => s.toLowerCase()), choose('kind', Object.keys(KINDS), 'Any kind', (k) => KINDS[k]),
      choose('dataset', datasets.map((d) => d.id), 'Any dataset', (id) => names.get(id)),
      h('input', {type: 'text', placeholder: 'Tag', 'aria-label': 'Tag', value: filter.tag, onchange: (e) => change('tag', e.target.value.trim())}),
      h('select', {'aria-label': 'Order', onchange: (e) => change('sort', e.target.value)}, Object.entries(ORDERS).map(([v, label]) => h('option', {value: v, selected: filter.sort === v}, label)))),
    bar, h('div.scroll', h('table.rows', h('thead', h('tr', ['', 'Name', 'State', 'Best', 'Where', 'img/s', 'Time', 'Started', 'Tags'].map((t, i) => h('th', {class: [3, 5, 6].includes(i) && 'number', scope: 'col'}, t)))), rows)),
    none, older, curl('GET', path()));

  async function load() {
    const part = await get(path(), {signal});
    const fresh = new Set(part.items.map((r) => r.id));
    runs = runs.length > 50 && filter.sort === '-createdAt' && runs.some((r) => fresh.has(r.id)) ? [...part.items, ...runs.filter((r) => !fresh.has(r.id) && r.id < part.items.at(-1).id)] : part.items;
    if (runs.length <= 50) cursor = part.nextCursor;
    draw(part.count);
    return runs.some((r) => !r.endedAt) ? 5000 : 30_000;
  }

  async function more() {
    const part = await get(path(cursor), {signal});
    cursor = part.nextCursor;
    runs = [...runs, ...part.items];
    draw(part.count);
  }

  function draw(all) {
    keyed(rows, runs, (r) => r.id, make, update);
    older.hidden = !cursor;
    fill(number, all == null ? '' : runs.length < all ? runs.length + ' of ' + whole(all) : whole(all));
    const filtered = filter.state || filter.tag || filter.dataset || filter.q || filter.kind;
    fill(none, runs.length ? null : filtered ? empty('No run is like that.', h('button', {type: 'button', onclick: () => { location.hash = '#/runs'; }}, 'Show all')) : empty('Nothing was trained here yet.', me.may('trainer') ? h('a.button.primary', {href: '#/new'}, 'New run') : null));
  }

  function make(run) {
    const box = h('input', {type: 'checkbox', 'aria-label': 'Pick ' + run.name, onchange: () => {
      if (box.checked) picked.add(run.id); else picked.delete(run.id);
      showPicked();
    }});
    return h('tr', h('td', box), h('td.name', h('a', {href: link(run)}), h('small.muted')), h('td'), h('td.number'), h('td'), h('td.number'), h('td.number'), h('td.muted', {title: longTime(run.createdAt)}), h('td'));
  }

  function update(row, run) {
    const [, name, state, best, where, speed, left, started, tags] = row.children;
    const p = run.endedAt ? null : run.progress;
    fill(name.firstChild, run.name);
    fill(name.lastChild, [kind(run), names.get(run.dataset)].filter(Boolean).join(' · '));
    if (row.dataset.state !== run.state) fill(state, badge(run.state));
    row.dataset.state = run.state;
    fill(best, run.bestEpoch ? percent(run.bestEpoch.accuracy) : '');
    fill(where, p ? (run.kind === 'train' ? 'phase ' + p.phase + ', epoch ' + (p.epoch + 1) + '/' + p.epochs : Math.round((100 * p.step) / p.steps) + ' %') : run.queuePosition ? 'place ' + run.queuePosition : run.failure ? h('small.bad', {title: run.failure.message}, run.failure.message) : '');
    fill(speed, p ? whole(p.imagesPerSecond) : '');
    fill(left, run.eta ? span(run.eta.untilEnd) + ' left' : p ? duration(p.etaSeconds) + ' left' : run.endedAt && run.startedAt ? duration((new Date(run.endedAt) - new Date(run.startedAt)) / 1000) : '');
    fill(started, clock(run.startedAt || run.createdAt));
    fill(tags, [...(run.tags || [])].map((t) => h('span.tag', t)));
  }

  function showPicked() {
    const chosen = runs.filter((r) => picked.has(r.id));
    const open = chosen.filter((r) => !r.endedAt);
    bar.hidden = !chosen.length;
    fill(bar, h('span', chosen.length + ' picked'),
      h('button', {type: 'button', disabled: chosen.length < 2 || chosen.length > 10, onclick: () => { location.hash = '#/compare?ids=' + chosen.map((r) => r.id).join(','); }}, 'Compare'),
      me.may('trainer') ? [action('Tag…', () => tag(chosen)), h('button', {type: 'button', disabled: !open.length, onclick: () => dialog('Cancel ' + open.length + ' runs', h('ul', open.map((r) => h('li', r.name))), [['Cancel them', () => Promise.all(open.map((r) => send('POST', 'runs/' + r.id + '/cancel'))).then(load), 'danger']])}, 'Cancel…'),
        chosen.length === 1 && ENDED.includes(chosen[0].state) ? h('button', {type: 'button', onclick: () => remove(chosen[0])}, 'Delete…') : null] : null);
  }

  async function remove(run) {
    const gone = await send('DELETE', 'runs/' + run.id + '?dryRun=true');
    confirm('Delete ' + run.name, h('p', count(gone.files, 'file') + ', ' + bytes(gone.bytes) + ', and everything that is known of it.'), 'Delete', 'DELETE', 'runs/' + run.id, null, () => { picked.clear(); showPicked(); return load(); });
  }

  async function tag(chosen) {
    const input = h('input', {type: 'text', 'aria-label': 'Tag', maxlength: 80});
    dialog('Tag ' + chosen.length + ' runs', h('label', 'Tag ', input), [['Add', () => Promise.all(chosen.map((r) => send('PATCH', 'runs/' + r.id, {tags: [...new Set([...r.tags, input.value.trim()])]}))).then(load), 'primary']]);
  }

  const wait = await load();
  void sleep(wait, signal).then(() => poll(signal, load, (w) => w)).catch(fail);
}
