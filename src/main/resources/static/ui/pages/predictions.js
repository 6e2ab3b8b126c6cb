/** A model's run over many pictures: its progress, and what it said. */
import {ask, get, poll} from '../api.js';
import {fill, h} from '../dom.js';
import {duration, percent, whole} from '../format.js';
import {alertBox, badge, confirm, curl, download, ENDED} from '../parts.js';

export async function show(page, {id, signal, me, fail}) {
  const head = h('div.head');
  const note = h('div');
  const rows = h('tbody');
  let run;
  fill(page, h('div.crumb', h('a', {href: '#/runs'}, 'Runs')), head, note, h('div.scroll', h('table.rows', h('tbody'), rows)), curl('GET', 'runs/' + id + '/predictions'));

  async function load() {
    run = await get('runs/' + id, {signal});
    const p = run.progress;
    fill(head, h('h1', run.name), badge(run.state), h('div.actions', h('button', {type: 'button', onclick: () => download('runs/' + id + '/predictions', run.name + '.csv', {Accept: 'text/csv'}).catch(alertBox)}, 'CSV'),
      me.may('trainer') && !run.endedAt ? h('button', {type: 'button', onclick: () => confirm('Cancel ' + run.name, h('p', 'What it has said stays.'), 'Cancel the run', 'POST', 'runs/' + id + '/cancel', null, load)}, 'Cancel…') : null));
    fill(note, run.failure ? h('div.problem', h('strong', run.failure.message), h('p', run.failure.fix || '')) : p ? h('p.muted', `${whole(p.step)} of ${whole(p.steps)} pictures` + (run.endedAt ? '' : ', ' + duration(p.etaSeconds) + ' left') + '; the first 200 below.') : h('p.muted', 'It waits for a worker.'));
    const answer = await ask('runs/' + id + '/predictions', {signal}).catch(() => null);
    const lines = answer ? (await answer.text()).split('\n').filter(Boolean).slice(0, 200).map((line) => JSON.parse(line)) : [];
    fill(rows, lines.map((l) => h('tr', h('td.name', l.path || l.file || String(l.image ?? '')), (l.predictions || []).slice(0, 3).map((x) => h('td', h('bdi', x.label), ' ' + percent(x.probability ?? x.score))))));
    return ENDED.includes(run.state) ? 1e9 : 2000;
  }
  await load();
  if (!ENDED.includes(run.state)) void poll(signal, load, (wait) => wait).catch(fail);
}
