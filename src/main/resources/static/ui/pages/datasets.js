/** Datasets: what is there, and bringing a new one, with its progress. */
import {get, poll} from '../api.js';
import {fill, h, keyed} from '../dom.js';
import {bytes, clock, count, whole} from '../format.js';
import {badge, curl, empty, picture} from '../parts.js';
import {bring, SAMPLE} from '../bring.js';

export async function show(page, {signal, me, fail}) {
  const list = h('div.grid');
  const none = h('div');
  const start = (kind) => bring(kind, load);
  fill(page, h('div.head', h('h1', 'Datasets'), me.may('trainer') ? h('div.actions',
    h('button.primary', {type: 'button', onclick: () => start('upload')}, 'Upload…'), h('button', {type: 'button', onclick: () => start('catalog')}, 'From the catalog…'),
    h('button', {type: 'button', onclick: () => start('url')}, 'From an address…'), h('button', {type: 'button', onclick: () => start('directory')}, 'From a directory…'), h('button', {type: 'button', onclick: () => start('sample')}, 'The sample')) : null), list, none, me.may('trainer') ? curl(['GET', 'datasets'], ['POST', 'datasets', SAMPLE]) : curl('GET', 'datasets'));

  async function load() {
    const {items} = await get('datasets?limit=200', {signal});
    keyed(list, items, (d) => d.id, (d) => h('a.card', {href: '#/dataset/' + d.id}, h('strong', d.name), h('div.strip', {hidden: true}), h('div.facts')), update);
    fill(none, items.length ? null : empty('No pictures yet. Bring an archive with a folder for each label, or let the service draw a thousand shapes.'));
    return items.some((d) => d.state === 'IMPORTING') ? 1000 : 15_000;
  }
  await load();
  void poll(signal, load, (wait) => wait).catch(fail);
}

function update(card, d) {
  const strip = card.children[1];
  if (d.state === 'READY' && strip.hidden) {
    strip.hidden = false;
    fill(strip, Array.from({length: 6}, (_, i) => picture(`datasets/${d.id}/images/${Math.floor(((i + 0.5) * d.pictures) / 6)}?size=96`, '')));
  }
  fill(card.lastChild, badge(d.state), d.state === 'READY' ? [h('span', count(d.pictures, 'picture')), h('span', count(d.labelCount, 'label'))] : null,
    d.state === 'IMPORTING' ? h('span', progress(d.progress)) : null, d.failure ? h('span', d.failure.message) : null, h('span', clock(d.createdAt)));
}

/** How far an import is, in the words of what it counts. */
export function progress(p) {
  if (!p) return 'waiting';
  const read = p.bytesTotal ? bytes(p.bytesDone) + ' of ' + bytes(p.bytesTotal) : p.bytesDone ? bytes(p.bytesDone) : '';
  return [read, p.pictures ? whole(p.pictures) + ' pictures' : ''].filter(Boolean).join(', ') || 'waiting';
}
