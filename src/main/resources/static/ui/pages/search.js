/** One search: its leaderboard while it goes on, and what may be done with it. */
import {get, poll} from '../api.js';
import {fill, h, keyed} from '../dom.js';
import {clock, count, fixed, number, percent} from '../format.js';
import {action, badge, confirm, curl} from '../parts.js';
import {serve} from '../serve.js';

const RANKS = ['1st', '2nd', '3rd'];

export async function show(page, {id, signal, me, fail}) {
  const head = h('div.head');
  const about = h('p.muted');
  const heading = h('tr');
  const rows = h('tbody');
  fill(page, h('div.crumb', h('a', {href: '#/searches'}, 'Searches')), head, about, h('div.scroll', h('table.rows', h('thead', heading), rows)), curl(['GET', 'searches/' + id], ['POST', 'searches/' + id + '/cancel']));
  let search;

  async function load() {
    search = await get('searches/' + id, {signal});
    const ended = Boolean(search.endedAt);
    fill(head, h('h1', search.name), badge(search.state), me.may('trainer') ? h('div.actions',
      ended ? h('button', {type: 'button', onclick: () => confirm('Forget ' + search.name, h('p', 'Its runs stay.'), 'Forget it', 'DELETE', 'searches/' + id, null, () => { location.hash = '#/searches'; })}, 'Forget…')
        : h('button', {type: 'button', onclick: () => confirm('Cancel ' + search.name, h('p', 'All of its runs end.'), 'Cancel the search', 'POST', 'searches/' + id + '/cancel', null, load)}, 'Cancel…')) : null);
    fill(about, `${count(search.trials.length, 'trial')}, compared by ${search.metric} after ${search.rungs.join(', ')} epochs; each time one of ${search.reduction} goes on.` + (search.endsAt && !ended ? ` It ends by ${clock(search.endsAt)}, with the best so far.` : ''));
    const paths = Object.keys(search.space);
    fill(heading, ['', 'Run', ...paths, ...search.rungs.map((r) => 'after ' + r), 'State', ''].map((t) => h('th', {scope: 'col'}, t)));
    keyed(rows, search.trials, (t) => t.number, () => h('tr'), (row, trial) => {
      const seen = JSON.stringify([trial, search.trials.indexOf(trial)]);
      if (row.dataset.seen === seen) return; // what has focus stays
      row.dataset.seen = seen;
      fill(row, cells(trial, paths));
    });
    return ended ? 1e9 : 1500;
  }

  function cells(trial, paths) {
    const place = search.trials.indexOf(trial);
    return [h('td', trial.scores.length ? RANKS[place] || place + 1 + 'th' : ''), h('td.name', trial.state ? h('a', {href: '#/run/' + trial.run}, 'trial ' + trial.number) : 'trial ' + trial.number),
      ...paths.map((p) => h('td.number', typeof trial.settings[p] === 'number' ? number(trial.settings[p]) : String(trial.settings[p]))),
      ...search.rungs.map((_, k) => h('td.number', trial.scores[k] == null ? '' : search.metric === 'accuracy' ? percent(trial.scores[k]) : fixed(trial.scores[k]))),
      h('td', trial.state ? badge(trial.state) : h('span.muted', 'deleted')),
      h('td', trial.checkpoint && me.may('trainer') ? action('Serve…', () => serve(trial.checkpoint, search.name), {kind: 'quiet', title: 'Serve trial ' + trial.number}) : null)];
  }
  const wait = await load();
  if (wait < 1e9) void poll(signal, load, (w) => w).catch(fail);
}
