/** The learning-rate finder: the curve of a sweep, and the four rates that rules read from it. */
import {get, poll} from '../api.js';
import {upright} from '../axis.js';
import {chart} from '../chart.js';
import {fill, h} from '../dom.js';
import {fixed, number} from '../format.js';
import {badge, curl, ENDED} from '../parts.js';

const RULES = {valley: 'in the middle of the longest fall', slide: 'where the slope stops changing', minimum: 'a tenth of where the loss is lowest', steep: 'where it falls fastest'};

export async function show(page, {id, signal, me, fail}) {
  let found = null;
  let marks = {};
  const plot = chart('Loss against learning rate', [{label: 'loss, smoothed', colour: '--s1'}], {x: 'learning rate', logX: true, height: 320, digits: (v) => (v == null ? '' : fixed(v, 2)), range, marks: (u) => Object.keys(RULES).forEach((rule, i) => marks[rule] && upright(u, marks[rule], '--s' + (i + 2), rule, i))});
  const head = h('div.head');
  const note = h('div');
  const choices = h('div');
  fill(page, h('div.crumb', h('a', {href: '#/runs'}, 'Runs')), head, note, h('div.two', plot.root, choices), curl('GET', 'lr-finds/' + id));

  async function load() {
    found = await get('lr-finds/' + id, {signal});
    fill(head, h('h1', found.name), badge(found.state));
    const p = found.progress;
    fill(note, found.failure ? h('div.problem', h('strong', found.failure.message), h('p', found.failure.fix || '')) : !found.curve && p ? h('p.muted', `Step ${p.step} of ${p.steps}: the curve comes when the sweep has ended.`) : found.curve ? null : h('p.muted', 'It waits for a worker.'));
    if (found.curve) {
      marks = found.suggestion;
      plot.set([found.curve.learningRates, found.curve.losses.map((v) => (Number.isFinite(v) ? v : null))]);
      suggest(found);
    }
    return ENDED.includes(found.state) ? 1e9 : 1500;
  }

  function suggest({suggestion, dataset}) {
    const use = h('a.button.primary', 'Use it in a new run');
    const choose = (rate) => { use.href = '#/new?' + new URLSearchParams({dataset, learningRate: Number(rate.toPrecision(3))}); };
    choose(suggestion.valley);
    fill(choices, h('h2', 'Suggestions'), h('table', h('tbody', Object.entries(RULES).map(([rule, why], i) => h('tr', h('td', h('label.check', h('input', {type: 'radio', name: 'rate', checked: rule === 'valley', onchange: () => choose(suggestion[rule])}), h('span', {style: {color: `var(--s${i + 2})`}}, '▍'), h('strong', rule))), h('td.number', h('code', number(suggestion[rule]))), h('td.muted', why))))), me.may('trainer') ? use : null);
  }
  const wait = await load();
  if (wait < 1e9) void poll(signal, load, (w) => w).catch(fail);
}

/** Where losses may be of use: an explosion is as far above the first as the lowest is below. */
function range([, losses]) {
  const known = losses.filter((v) => v != null);
  const [first, low, high] = [known[0] ?? 1, Math.min(...known), Math.max(...known)];
  const top = Math.min(high, first + Math.max(first - low, 0.1));
  return [low - 0.06 * (top - low), top + 0.06 * (top - low)];
}
