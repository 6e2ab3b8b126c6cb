/** What is worth knowing about a dataset before training on it, with the pictures it is about. */
import {get} from './api.js';
import {h} from './dom.js';
import {count, whole} from './format.js';
import {picture} from './parts.js';

export async function audit(dataset, signal) {
  const found = await get(`datasets/${dataset.id}/audit`, {signal});
  return h('div',
    h('div.tiles', tile(found.leaks.count, 'leaks', found.leaks.count), tile(found.exactDuplicates.count, 'groups of exact duplicates'), tile(found.nearDuplicates.count, 'groups that look alike'), tile(found.unreadable.count, 'unreadable', found.unreadable.count), tile(found.unlabelled.count, 'without a label', found.unlabelled.count), tile(found.emptyClasses.count, 'labels missing in a part', found.emptyClasses.count), tile(found.ignoredFiles, 'other files')),
    h('div.scroll', {tabindex: 0}, h('table', h('thead', h('tr', ['part', 'pictures', 'largest label', 'smallest label', 'imbalance'].map((t) => h('th', {scope: 'col'}, t)))), h('tbody', found.imbalance.map((i) => h('tr', h('td', i.part), h('td', whole(i.pictures)), h('td', h('bdi', i.largest), ' ' + i.most), h('td', h('bdi', i.smallest), ' ' + i.fewest), h('td', '1 : ' + i.ratio.toFixed(1))))))),
    groups('Leaks', 'Alike, in several parts: the accuracy is better than it should be.', found.leaks, dataset),
    groups('Exact duplicates', 'The same bytes.', found.exactDuplicates, dataset), groups('Near duplicates', 'They look the same and differ in bytes.', found.nearDuplicates, dataset),
    list('Unreadable', found.unreadable, (u) => [h('code', u.path), ' ' + u.reason]), list('Without a label', found.unlabelled, (path) => h('code', path)), list('Labels missing in a part', found.emptyClasses, (e) => [h('bdi', e.label), ' has none in ' + e.part]), list('Empty folders', found.emptyFolders, (f) => h('code', f)));
}

const tile = (n, text, bad) => h('div.tile', h('b', (bad ? '⚠ ' : '') + whole(n)), h('span', text));

function list(title, {count: all, items}, line) {
  return all ? [h('h2', title), h('ul', items.map((i) => h('li', line(i)))), all > items.length ? h('p.muted', `${items.length} of ${whole(all)}.`) : null] : null;
}

function groups(title, text, {count: all, items}, dataset) {
  if (!all) return null;
  return [h('h2', title), h('p.muted', text + ' ' + count(all, 'group') + (all > 24 ? ', the first 24 below.' : '.')), h('div.cards.groups', items.slice(0, 24).map((g) => h('div.card', h('div.pictures', g.pictures.slice(0, 8).map((m) => h('figure', m.image == null ? null : picture(`datasets/${dataset.id}/images/${m.image}?size=160`, m.path), h('figcaption', h('b', h('bdi', m.label || 'no label')), ' ' + (m.part || 'left out'), h('br'), m.path)))))))];
}
