/** The fleet: what waits, who works, and files that belong to nothing. */
import {get, poll, send} from '../api.js';
import {fill, h, keyed} from '../dom.js';
import {ago, bytes, count, span} from '../format.js';
import {action, badge, confirm, curl} from '../parts.js';
import {link} from '../runlink.js';

export async function show(page, {signal, me, fail}) {
  const queue = h('tbody');
  const workers = h('tbody');
  const none = h('p.muted', 'Nothing waits.');
  let waits;
  const storage = h('div');
  fill(page, h('div.head', h('h1', 'Fleet')),
    h('h2', 'Queue'), none, waits = h('div.scroll', h('table.rows', h('thead', h('tr', ['', 'Name', 'Priority', 'Starts in', 'Ends in', ''].map((t) => h('th', {scope: 'col'}, t)))), queue)),
    h('h2', 'Workers'), h('div.scroll', h('table.rows', h('thead', h('tr', ['Host', 'State', 'Heard of', 'Devices', 'Slots', 'Works on', ''].map((t) => h('th', {scope: 'col'}, t)))), workers)),
    h('h2', 'Files that belong to nothing'), storage, curl(['GET', 'workers'], ['POST', 'workers/ID/drain'], ['GET', 'storage/orphans'], ['GET', '../../actuator/prometheus']));

  async function load() {
    const [waiting, held, fleet] = await Promise.all([get('runs?state=QUEUED&sort=-priority&limit=50', {signal}), get('runs?state=RUNNING,PAUSING,CANCELLING&limit=100', {signal}), get('workers?limit=100', {signal})]);
    const runs = waiting.items.sort((a, b) => (a.queuePosition ?? 0) - (b.queuePosition ?? 0));
    none.hidden = runs.length > 0;
    waits.hidden = !runs.length;
    keyed(queue, runs, (r) => r.id, queued, updateQueued);
    keyed(workers, fleet.items, (w) => w.id, () => h('tr', Array.from({length: 7}, () => h('td'))), (row, w) => worker(row, w, held.items.filter((r) => r.worker === w.name)));
    return 3000;
  }

  const to = (run, priority) => send('PATCH', 'runs/' + run.id, {priority}).then(load);

  function queued(run) {
    const row = h('tr', h('td'), h('td.name', h('a', {href: link(run)}, run.name)), h('td.number'), h('td'), h('td'), h('td', me.may('trainer') ? h('div.actions',
      action('↑', () => to(row.run, Math.min(100, row.run.priority + 1)), {kind: 'quiet', title: 'Raise ' + run.name}), action('↓', () => to(row.run, Math.max(-100, row.run.priority - 1)), {kind: 'quiet', title: 'Lower ' + run.name}),
      h('button.quiet', {type: 'button', onclick: () => confirm('Cancel ' + run.name, h('p', 'It never starts.'), 'Cancel the run', 'POST', 'runs/' + run.id + '/cancel', null, load)}, 'Cancel…')) : null));
    return row;
  }

  function updateQueued(row, run) {
    row.run = run;
    const [place, , priority, start, end] = row.children;
    fill(place, run.queuePosition ?? '');
    fill(priority, run.priority);
    fill(start, run.eta ? span(run.eta.untilStart) : '–');
    fill(end, run.eta ? span(run.eta.untilEnd) : '–');
  }

  function worker(row, w, works) {
    const [host, state, heard, devices, slots, on, buttons] = row.children;
    fill(host, w.name);
    fill(state, badge(w.state));
    fill(heard, ago(w.lastHeartbeat));
    fill(devices, w.devices.map((d) => d.device + (d.fastBfloat16 ? ', bf16' : '')).join('; '), w.notice ? h('small.muted', ' ' + w.notice) : null);
    fill(slots, works.length + ' of ' + w.slots);
    fill(on, works.map((r) => [h('a', {href: link(r)}, r.name), ' ']));
    if (row.dataset.state === w.state) return;
    row.dataset.state = w.state;
    fill(buttons, me.may('admin') && w.state !== 'LOST' ? action(w.draining ? 'Let it work' : 'Drain', () => send('POST', `workers/${w.id}/${w.draining ? 'undrain' : 'drain'}`).then(load)) : null);
  }

  async function orphans() {
    const found = await get('storage/orphans', {signal});
    fill(storage, h('p', found.files ? count(found.files, 'file') + ', ' + bytes(found.bytes) + '.' : 'None.'), found.files ? h('details', h('summary', 'Which'), h('ul', found.items.slice(0, 100).map((o) => h('li', h('code', o.key), ' ' + bytes(o.bytes))))) : null,
      found.files && me.may('admin') ? h('button.danger', {type: 'button', onclick: () => confirm('Delete them', h('p', count(found.files, 'file') + ', ' + bytes(found.bytes) + '.'), 'Delete', 'DELETE', 'storage/orphans', null, orphans)}, 'Delete…') : null);
  }
  await Promise.all([load(), orphans()]);
  void poll(signal, load, (wait) => wait).catch(fail);
}
