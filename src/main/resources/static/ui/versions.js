/** The versions of a dataset's labels, and what each changed. */
import {get} from './api.js';
import {fill, h} from './dom.js';
import {clock, count, longTime, whole} from './format.js';
import {curl} from './parts.js';
import {gallery} from './gallery.js';

const PART = 48;

export async function versions(dataset, signal) {
  const {items} = await get('datasets/' + dataset.id + '/versions?limit=200', {signal});
  const changed = h('section', {'aria-live': 'polite'});
  const rows = items.map((v) => h('tr', {class: v.id === dataset.id ? 'best' : null},
    h('td.number', v.version), h('td.name', h('a', {href: '#/dataset/' + v.id}, v.name)), h('td.grow', h('bdi', v.reason || 'as it was imported')), h('td.number', count(v.pictures, 'picture')),
    h('td', v.id === dataset.id ? h('span.muted', 'this one') : h('button.quiet', {type: 'button', onclick: () => compare(v)}, 'compare')), h('td.number.muted', {title: longTime(v.createdAt)}, clock(v.createdAt))));

  async function compare(other) {
    const part = await get(`datasets/${dataset.id}/changes?since=${other.id}&limit=${PART}`, {signal});
    fill(changed, h('h2', `From version ${other.version} to ${dataset.version}`), part.items.length ? gallery(part.items.map((c) => ({
      path: c.image.replace('/api/v1/', ''), title: `picture ${c.picture}: ${c.before || 'no label'}, now ${c.after || 'dropped'}`,
      caption: [h('bdi', c.before || 'no label'), ' → ', h('b', h('bdi', c.after || 'dropped'))]}))).root : h('p.muted', 'Their labels are the same.'), part.nextCursor ? h('p.muted', `The first ${whole(PART)}.`) : null);
  }

  const base = items.find((v) => v.id === dataset.base);
  if (base) await compare(base);
  return h('div', h('div.scroll', h('table', h('thead', h('tr', ['version', 'name', 'reason', 'pictures', '', 'since'].map((t, i) => h('th', {class: [0, 3, 5].includes(i) ? 'number' : null, scope: 'col'}, t)))), h('tbody', rows))), changed, curl(['GET', 'datasets/' + dataset.id + '/versions'], ['GET', 'datasets/' + dataset.id + '/changes']));
}
