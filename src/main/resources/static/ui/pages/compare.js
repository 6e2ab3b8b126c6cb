/** Runs side by side: only what differs, and their curves over each other. */
import {get, poll} from '../api.js';
import {chart, SERIES} from '../chart.js';
import {fill, h} from '../dom.js';
import {duration, fixed, percent} from '../format.js';
import {badge, curl, ENDED} from '../parts.js';

const CURVES = {accuracy: ['Accuracy', (v) => percent(v)], validLoss: ['Valid loss', (v) => fixed(v, 2)], trainLoss: ['Train loss', (v) => fixed(v, 2)]};

export async function show(page, {query, signal, fail}) {
  const ids = (query.get('ids') || '').split(',').filter(Boolean);
  const path = 'runs/compare?ids=' + ids.join(',');
  const hues = query.get('hues')?.split(',').map(Number) || ids.map((_, i) => i);
  const colours = new Map(ids.map((id, i) => [id, hues[i] % SERIES.length]));
  const byTime = query.get('x') === 'time';
  const all = query.get('all') === 'yes';
  const first = await get(path, {signal});
  const charts = Object.entries(CURVES).map(([key, [title, digits]]) => [key, chart(title, first.runs.map((run) => {
    const i = colours.get(run.id);
    return {label: run.name, colour: SERIES[i], dash: i, points: run.epochs.length < 30};
  }), {x: byTime ? 'seconds' : 'epoch', digits: (v) => (v == null ? '' : digits(v)), shares: key === 'accuracy', sync: 'compare'})]);
  const turned = query.get('turned') === 'yes';
  const table = h('table.rows');
  const same = h('p.muted');
  const to = (change) => '#/compare?' + new URLSearchParams({ids: ids.join(','), ...(query.has('hues') && {hues: hues.join(',')}), ...(byTime && {x: 'time'}), ...(all && {all: 'yes'}), ...(turned && {turned: 'yes'}), ...change});
  fill(page, h('div.crumb', h('a', {href: '#/runs'}, 'Runs')), h('div.head', h('h1', 'Compare ' + first.runs.length + ' runs'),
    h('div.actions', h('a.button', {href: to({x: byTime ? 'epoch' : 'time'})}, byTime ? 'Over epochs' : 'Over time'), h('a.button', {href: to({all: all ? 'no' : 'yes'})}, all ? 'Only what differs' : 'All fields'), h('a.button', {href: to({turned: turned ? 'no' : 'yes'})}, turned ? 'A run a column' : 'A run a row'))),
    h('div.charts', charts.map(([, c]) => c.root)), h('div.scroll', {tabindex: 0}, table), same, curl('GET', path));

  /** The others keep their colours and dashes. */
  const without = (id) => to({ids: ids.filter((i) => i !== id).join(','), hues: hues.filter((_, i) => ids[i] !== id).join(',')});
  const heading = (run) => [h('span', {style: {color: `var(${SERIES[colours.get(run.id)]})`}}, '■ '), h('a', {href: '#/run/' + run.id}, run.name), ids.length > 2 ? h('a.quiet', {href: without(run.id), 'aria-label': 'Leave out ' + run.name}, '✕') : null];

  async function draw(found) {
    for (const [key, c] of charts) c.set(columns(found.runs, key, byTime));
    const fields = all ? await every(found.runs) : found.differences;
    const best = found.best?.accuracy;
    const rows = [['', ...found.runs.map(heading)], line('state', found.runs, (r) => badge(r.state)),
      line('best accuracy', found.runs, (r) => (r.bestEpoch ? [percent(r.bestEpoch.accuracy), best?.run === r.id ? h('b', ' ● best') : null, r.bestEpoch.leaky ? ' leaky' : ''] : '–')),
      line('with test-time augmentation', found.runs, (r) => percent(r.ttaAccuracy)), line('time', found.runs, (r) => duration(r.seconds)),
      ...fields.map((f) => [h('code', f.path), ...f.values.map((v) => h('code', text(v)))])];
    const [top, ...rest] = turned ? rows[0].map((_, i) => rows.map((row) => row[i])) : rows;
    fill(table, h('thead', h('tr', top.map((c) => h('th', {scope: 'col'}, c)))), h('tbody', rest.map(([name, ...values]) => h('tr', h('th', {scope: 'row'}, name), values.map((v) => h('td', v))))));
    fill(same, fields.length ? null : 'Their recipes are the same, field by field.');
    return found.runs.some((r) => !ENDED.includes(r.state)) ? 5000 : 600_000;
  }
  let pending = first;
  const load = async () => { const found = pending || await get(path, {signal}); pending = null; return draw(found); };
  await load();
  void poll(signal, load, (wait) => wait).catch(fail);

  async function every(runs) {
    const flat = await Promise.all(runs.map(async (r) => new Map(leaves((await get('runs/' + r.id, {signal})).recipe || {}))));
    const paths = [...new Set(flat.flatMap((m) => [...m.keys()]))];
    return paths.map((p) => ({path: p, values: flat.map((m) => m.get(p))}));
  }
}

const line = (name, runs, value) => [name, ...runs.map(value)];
const text = (value) => (value == null ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value));

function leaves(tree, path = '') {
  if (tree === null || typeof tree !== 'object') return [[path, tree]];
  return Object.entries(tree).flatMap(([key, value]) => leaves(value, Array.isArray(tree) ? `${path}[${key}]` : path ? path + '.' + key : key));
}

/** One x for all runs: the number of the epoch over all phases, or seconds since the start. */
function columns(runs, key, byTime) {
  const series = runs.map((run) => {
    let seconds = 0;
    return new Map(run.epochs.map((e, i) => [byTime ? Math.round((seconds += e.seconds) * 10) / 10 : i + 1, e[key]]));
  });
  const xs = [...new Set(series.flatMap((s) => [...s.keys()]))].sort((a, b) => a - b);
  return [xs, ...series.map((s) => xs.map((x) => s.get(x) ?? null))];
}
