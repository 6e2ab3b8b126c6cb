/** A model's run over many pictures: its progress, what it said how often, and of which picture. */
import {ask, get, poll} from '../api.js';
import {fill, h} from '../dom.js';
import {count, duration, percent, whole} from '../format.js';
import {alertBox, badge, confirm, curl, download, ENDED} from '../parts.js';

const SHOWN = 200;

export async function show(page, {id, signal, me, fail}) {
  const head = h('div.head');
  const note = h('div');
  const said = h('div');
  let run;
  fill(page, h('div.crumb', h('a', {href: '#/runs'}, 'Runs')), head, note, said, curl('GET', 'runs/' + id + '/predictions'));

  async function load() {
    run = await get('runs/' + id, {signal});
    const p = run.progress;
    fill(head, h('h1', run.name), badge(run.state), h('div.actions', h('button', {type: 'button', onclick: () => download('runs/' + id + '/predictions', run.name + '.csv', {Accept: 'text/csv'}).catch(alertBox)}, 'CSV'),
      me.may('trainer') && !run.endedAt ? h('button', {type: 'button', onclick: () => confirm('Cancel ' + run.name, h('p', 'What it has said stays.'), 'Cancel the run', 'POST', 'runs/' + id + '/cancel', null, load)}, 'Cancel…') : null));
    fill(note, run.failure ? h('div.problem', h('strong', run.failure.message), h('p', run.failure.fix || '')) : run.endedAt ? null : p ? h('p.muted', `Batch ${whole(p.step)} of ${whole(p.steps)}, ${duration(p.etaSeconds)} left.`) : h('p.muted', 'It waits for a worker.'));
    if (run.endedAt) await tell();
    return ENDED.includes(run.state) ? 1e9 : 2000;
  }

  async function tell() {
    const answer = await ask('runs/' + id + '/predictions', {signal});
    const lines = (await answer.text()).split('\n').filter(Boolean).map((line) => JSON.parse(line));
    const told = lines.filter((l) => l.predictions);
    const known = told.filter((l) => l.actual != null);
    const right = known.filter((l) => l.actual === l.predictions[0].label).length;
    const often = new Map();
    told.forEach((l) => often.set(l.predictions[0].label, (often.get(l.predictions[0].label) || 0) + 1));
    const sorted = [...often].sort((a, b) => b[1] - a[1]);
    fill(said, h('div.tiles', tile(whole(lines.length), 'pictures'), known.length ? tile(percent(right / known.length), 'as their labels say') : null, told.length < lines.length ? tile('⚠ ' + whole(lines.length - told.length), 'could not be read') : null),
      h('div.two', h('section', h('h2', lines.length > SHOWN ? `The first ${SHOWN} pictures` : 'Pictures'), h('div.scroll', {tabindex: 0}, h('table', h('thead', h('tr', ['picture', 'says', 'or', 'or'].map((t) => h('th', {scope: 'col'}, t)))), h('tbody', lines.slice(0, SHOWN).map(row))))),
        h('section', h('h2', 'How often it says what'), h('div.bars', sorted.slice(0, 40).map(([label, n]) => [h('bdi', label), h('span.bar', h('i', {style: {width: (100 * n) / sorted[0][1] + '%'}})), h('span', whole(n))])), sorted.length > 40 ? h('p.muted', 'and ' + count(sorted.length - 40, 'label') + ' less often') : null)));
  }

  await load();
  if (!ENDED.includes(run.state)) void poll(signal, load, (wait) => wait).catch(fail);
}

const tile = (value, text) => h('div.tile', h('b', value), h('span', text));

function row(line) {
  const wrong = line.actual != null && line.predictions?.[0].label !== line.actual;
  return h('tr', h('td.name', line.path || line.file, wrong ? h('small.muted', 'labelled ', h('bdi', line.actual)) : null),
    line.predictions ? line.predictions.slice(0, 3).map((p) => h('td', h('bdi', p.label), ' ' + percent(p.probability ?? p.score))) : h('td', {colspan: 3}, h('small.muted', line.problem?.detail || 'could not be read')));
}
