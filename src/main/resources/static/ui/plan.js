/** What a run would do, beside the form that asks for it: schedule, steps, memory, time, pictures. */
import {chart} from './chart.js';
import {fill, h} from './dom.js';
import {bytes, count, duration, fixed, span, whole} from './format.js';
import {curl, picture} from './parts.js';

const PARTS = ['parameters', 'gradients', 'optimizer', 'average', 'activations', 'backward'];

export function planView() {
  const schedule = chart('Learning rate', [{label: 'rate', colour: '--s1'}, {label: 'momentum', colour: '--s4', scale: 'right', dash: 1, format: (v) => (v == null ? '' : fixed(v, 2))}], {height: 160});
  const facts = h('div');
  const command = h('div');
  const sheet = h('div');
  const root = h('section.beside', {'aria-label': 'What it comes to', 'aria-live': 'polite'}, facts, schedule.root, sheet, command);
  let shown = '';

  /** Shows a plan; `preset` and `dataset` tell which augmented batch goes with it. */
  function show(plan, body) {
    schedule.set([plan.curve.map((p) => p.step), plan.curve.map((p) => p.learningRate), plan.curve.map((p) => p.momentum)]);
    fill(facts, h('div.tiles', tile(whole(plan.steps), 'steps'), plan.budget ? tile(duration(plan.budget.seconds), 'from its start to the end of its evaluation') : plan.time ? tile(span(plan.time), 'on ' + plan.time.device) : tile('–', 'how long is known when a run like it has ended'), tile(bytes(plan.memory.total), 'of memory at most')),
      memory(plan.memory),
      h('p.muted', count(plan.trainPictures, 'picture') + ' train, ' + whole(plan.validPictures) + ' validate. ' + plan.phases.map((p) => `Phase ${p.phase}: ` + p.stretches.map((s) => `${count(s.epochs, 'epoch')} of ${whole(s.stepsPerEpoch)} steps at ${s.size} px`).join(', ') + (p.stretches.length > 1 ? `, validated at ${p.size} px` : '')).join('. ') + '.'),
      plan.budget ? h('p.note', plan.budget.known ? 'The steps are those that fit, by the speed of earlier runs; the worker measures its own, and goes by the clock from then on.' : 'The steps are the recipe’s. How many fit is known once the worker that takes the run has measured some.') : null,
      plan.warnings.length ? h('div.note', h('ul', plan.warnings.map((w) => h('li', w)))) : null);
    fill(command, curl('POST', 'runs', body));
    batch(plan, body);
  }

  function batch(plan, body) {
    const asked = {recipe: body.recipe, overrides: body.overrides, from: body.from};
    const key = body.dataset + JSON.stringify(asked);
    if (key === shown) return;
    shown = key;
    fill(sheet, h('h2', 'What it sees'), plan.phases.map((p) => h('details', {open: p.phase === 1}, h('summary', `Phase ${p.phase}, ${p.stretches[0].size} px`), picture(`datasets/${body.dataset}/batch?phase=${p.phase}&pictures=16`, `Sixteen augmented pictures of phase ${p.phase} with their labels`, {class: 'sheet'}, {method: 'POST', body: JSON.stringify(asked), headers: {'Content-Type': 'application/json', Accept: 'image/png'}}))));
  }

  return {root, show};
}

const tile = (value, text) => h('div.tile', h('b', value), h('span', text));

function memory(m) {
  const parts = PARTS.filter((p) => m[p] > 0);
  return h('div', h('span.bar', {role: 'img', 'aria-label': parts.map((p) => p + ' ' + bytes(m[p])).join(', ')}, parts.map((p, i) => h('i', {style: {width: (100 * m[p]) / m.total + '%', background: `var(--s${i + 1})`}}))),
    h('div.legend', {style: {margin: '4px 0 10px'}}, parts.map((p, i) => h('span', h('i', {style: {'--c': `var(--s${i + 1})`}}), p, h('b', bytes(m[p]))))));
}
