/** The pictures of a dataset by label and part, in a grid that stays small however many there are. */
import {get} from './api.js';
import {fill, h} from './dom.js';
import {gallery} from './gallery.js';

const PART = 36;

export function browse(dataset, query, signal) {
  const filter = {label: query.get('label') || '', split: query.get('split') || ''};
  const holder = h('div');
  const more = h('button', {type: 'button', onclick: () => turn(next)}, 'Next pictures');
  const back = h('button', {type: 'button', onclick: () => turn(before.pop())}, 'Previous pictures');
  const before = [];
  let cursor = query.get('from') || '0';
  let next = null;
  const parts = ['train', 'valid', 'test'].slice(0, dataset.labels.some((l) => l.test) ? 3 : 2);
  const most = Math.max(...dataset.labels.map((l) => l.train + l.valid + (l.test || 0)));

  /** One part at a time takes the place of the one before: 100,000 pictures are no heavier than 100. */
  async function load() {
    const path = `datasets/${dataset.id}/images?` + new URLSearchParams(Object.entries({...filter, limit: PART, cursor}).filter(([, v]) => v));
    const part = await get(path, {signal});
    fill(holder, part.items.length ? gallery(part.items.map((i) => ({path: `datasets/${dataset.id}/images/${i.id}`, title: (i.label || 'no label') + ', ' + (i.split || 'left out'), caption: [h('b', h('bdi', i.label || 'no label')), i.split ? ' ' + i.split : ' left out']})), 160).root : h('p.muted', 'No picture is like that.'));
    next = part.nextCursor;
    more.hidden = !next;
    back.hidden = cursor === '0';
  }

  async function turn(to) {
    if (to === next) before.push(cursor);
    cursor = to ?? '0';
    remember();
    await load();
    holder.querySelector('button')?.focus();
  }

  function remember() {
    const said = Object.entries({...filter, from: cursor}).filter(([, v]) => v && v !== '0');
    history.replaceState(history.state, '', '#/dataset/' + dataset.id + (said.length ? '?' + new URLSearchParams(said) : ''));
  }

  function change(name, value) {
    filter[name] = value;
    cursor = '0';
    before.length = 0;
    remember();
    void load();
  }

  const label = h('select', {'aria-label': 'Label', onchange: (e) => change('label', e.target.value)}, h('option', {value: ''}, 'Any label'), dataset.labels.map((l) => h('option', {value: l.name, selected: l.name === filter.label}, l.name)));
  const split = h('select', {'aria-label': 'Part', onchange: (e) => change('split', e.target.value)}, h('option', {value: ''}, 'All parts'), parts.map((s) => h('option', {value: s, selected: s === filter.split}, s)));
  return load().then(() => h('div', h('div.two', h('section', h('div.filters', label, split), holder, h('div.actions', {style: {'margin-top': '14px'}}, back, more)),
    h('section', h('h2', 'Labels: ' + parts.join(', ')), h('div.bars', dataset.labels.slice(0, 60).map((l) => [h('button.quiet', {type: 'button', onclick: () => { label.value = l.name; change('label', l.name); }}, h('bdi', l.name)), h('span.bar', {role: 'img', 'aria-label': parts.map((p) => `${l[p] || 0} ${p}`).join(', ')}, parts.map((p) => h('i', {style: {width: (100 * (l[p] || 0)) / most + '%'}}))), h('span', parts.map((p) => l[p] || 0).join(' + '))])),
      dataset.labels.length > 60 ? h('p.muted', `The first 60 of ${dataset.labels.length}.`) : null))));
}
