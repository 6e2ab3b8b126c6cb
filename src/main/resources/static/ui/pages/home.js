/** Home: what runs, what waits, what ended, what is served; or the first steps. */
import {get, poll} from '../api.js';
import {fill, h, keyed} from '../dom.js';
import {ago, clock, count, duration, percent, span} from '../format.js';
import {badge} from '../parts.js';
import {kind, KINDS, link} from '../runlink.js';
import {firstSteps} from '../steps.js';

export async function show(page, {signal, me, fail}) {
  const body = h('div.columns');
  const running = h('div.cards');
  const queued = h('div.cards');
  const ended = h('tbody');
  const models = h('tbody');
  const pictures = h('tbody');
  fill(page, h('div.head', h('h1', 'Home'), me.may('trainer') ? h('a.button', {href: '#/new'}, 'New run') : null), body);
  const parts = [
    h('section', h('h2', 'Running'), running, h('h2', 'Next in the queue'), queued, h('h2', 'Datasets'), h('table', pictures)),
    h('section', h('h2', 'Models'), h('table', models), h('h2', 'Ended lately'), h('table', ended)),
  ];

  async function load() {
    const [runs, queue, recent, served, datasets] = await Promise.all([
      get('runs?state=RUNNING&limit=6', {signal}), get('runs?state=QUEUED&limit=4&sort=-priority', {signal}),
      get('runs?limit=8&kind=' + Object.keys(KINDS).filter((k) => k !== 'import'), {signal}), get('models?limit=8', {signal}), get('datasets?limit=4', {signal})]);
    if (!recent.items.length && !served.items.length) {
      await firstSteps(body, datasets.items[0], me, signal);
      return 2000;
    }
    if (parts[0].parentNode !== body) fill(body, parts);
    list(running, runs.items, runCard, updateCard, 'Nothing runs.');
    list(queued, queue.items, (r) => h('p'), (line, r) => fill(line, (r.queuePosition ?? '·') + '. ', h('a', {href: link(r)}, r.name), r.eta ? h('span.muted', ' starts in ' + span(r.eta.untilStart)) : null), 'Nothing waits.');
    keyed(ended, recent.items.filter((r) => r.endedAt).slice(0, 6), (r) => r.id, (r) => h('tr',
      h('td.grow', h('a', {href: link(r)}, r.name)), h('td', h('small.muted', kind(r))), h('td', badge(r.state)),
      h('td.number', r.bestEpoch ? percent(r.bestEpoch.accuracy) : ''), h('td.number.muted', clock(r.endedAt))));
    keyed(models, served.items, (m) => m.name + m.checkpoint, (m) => h('tr',
      h('td.grow', h('a', {href: '#/model/' + encodeURIComponent(m.name)}, m.name)),
      h('td.number', m.accuracy == null ? '' : percent(m.accuracy)), h('td.number.muted', 'since ' + clock(m.updatedAt))));
    keyed(pictures, datasets.items, (d) => d.id, () => h('tr', h('td.grow'), h('td'), h('td.number.muted')), ({children: [name, state, size]}, d) => {
      fill(name, h('a', {href: '#/dataset/' + d.id}, d.name));
      fill(state, badge(d.state));
      fill(size, d.pictures ? count(d.pictures, 'picture') : '');
    });
    if (!served.items.length) fill(models, h('tr', h('td.muted', 'None yet: serve a checkpoint from a run that succeeded.')));
    return runs.items.length || queue.items.length ? 3000 : 15000;
  }
  const first = await load();
  void poll(signal, once(first, load), (wait) => wait).catch(fail);
}

const once = (first, load) => () => { const wait = first; first = null; return wait ?? load(); };

function list(parent, items, make, update, none) {
  if (!items.length) return fill(parent, h('p.muted', {'data-key': 'none'}, none));
  return keyed(parent, items, (r) => r.id, make, update);
}

function runCard(run) {
  return h('a.card', {href: link(run)}, h('strong', run.name), h('div.meter', h('i')), h('div.facts'));
}

function updateCard(card, run) {
  const p = run.progress;
  card.querySelector('i').style.width = p ? (100 * p.step) / p.steps + '%' : '0';
  fill(card.querySelector('.facts'), p
    ? [h('span', 'epoch ' + (p.epoch + 1) + ' of ' + p.epochs), run.lastEpoch ? h('span', percent(run.lastEpoch.accuracy)) : null, h('span', Math.round(p.imagesPerSecond) + ' images/s'), h('span', duration(p.etaSeconds) + ' left')]
    : h('span', 'starting since ' + ago(run.startedAt)));
}
