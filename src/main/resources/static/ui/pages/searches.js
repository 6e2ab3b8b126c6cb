/** Searches: recipes that were tried against each other. */
import {get} from '../api.js';
import {fill, h} from '../dom.js';
import {clock, count} from '../format.js';
import {badge, curl, empty} from '../parts.js';

export async function show(page, {signal}) {
  const rows = h('tbody');
  const more = h('button', {type: 'button', onclick: () => load()}, 'Show more');
  let cursor = '';
  async function load() {
    const part = await get('searches?limit=50' + (cursor ? '&cursor=' + cursor : ''), {signal});
    cursor = part.nextCursor;
    more.hidden = !cursor;
    rows.append(...part.items.map((s) => h('tr', h('td.name', h('a', {href: '#/search/' + s.id}, s.name)), h('td', badge(s.state)), h('td.number', count(s.trials, 'trial')), h('td', clock(s.createdAt)), h('td', clock(s.endedAt)))));
  }
  await load();
  fill(page, h('div.crumb', h('a', {href: '#/runs'}, 'Runs')), h('div.head', h('h1', 'Searches')),
    rows.children.length ? h('div.scroll', h('table.rows', h('thead', h('tr', ['Name', 'State', 'Trials', 'Begun', 'Ended'].map((t) => h('th', {scope: 'col'}, t)))), rows)) : empty('Nothing was searched for yet. A new run’s form has a button “Search the learning rate”.', h('a.button.primary', {href: '#/new'}, 'New run')),
    more, curl('GET', 'searches'));
}
