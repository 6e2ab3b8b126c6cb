/** The learning-rate finder: the curve of a sweep, and the four rates that rules read from it. */
import {get, poll} from '../api.js';
import {chart, colour} from '../chart.js';
import {fill, h} from '../dom.js';
import {fixed, number} from '../format.js';
import {badge, curl, ENDED} from '../parts.js';

const RULES = {valley: 'in the middle of the longest fall', slide: 'where the slope stops changing', minimum: 'a tenth of where the loss is lowest', steep: 'where it falls fastest'};

export async function show(page, {id, signal, me, fail}) {
  let found = null;
  let marks = {};
  const plot = chart('Loss against learning rate', [{label: 'loss, smoothed', colour: '--s1'}], {x: 'learning rate', logX: true, height: 320, digits: (v) => (v == null ? '' : fixed(v, 2)), marks: (u) => draw(u, marks)});
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

/** A vertical line at each suggested rate. */
function draw(u, marks) {
  const {ctx, bbox} = u;
  ctx.save();
  Object.keys(RULES).forEach((rule, i) => {
    if (!marks[rule]) return;
    const x = u.valToPos(marks[rule], 'x', true);
    ctx.strokeStyle = ctx.fillStyle = colour('--s' + (i + 2));
    ctx.setLineDash([4, 3]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = 11 * devicePixelRatio + 'px system-ui';
    ctx.fillText(rule, x + 4, bbox.top + (12 + 14 * i) * devicePixelRatio);
  });
  ctx.restore();
}
