/** Models: names that serve checkpoints. */
import {get} from '../api.js';
import {fill, h} from '../dom.js';
import {clock, count, percent} from '../format.js';
import {alertBox, curl, empty} from '../parts.js';
import {catalog, upload} from '../weights.js';

export async function show(page, {signal, me}) {
  const models = [];
  let cursor = '';
  const list = h('div.grid');
  const more = h('button', {type: 'button', onclick: () => load()}, 'Show more');
  async function load() {
    const part = await get('models?limit=60' + (cursor ? '&cursor=' + cursor : ''), {signal});
    cursor = part.nextCursor;
    more.hidden = !cursor;
    models.push(...part.items);
    fill(list, models.map((m) => h('a.card', {href: '#/model/' + encodeURIComponent(m.name)}, h('strong', m.name), h('div.facts',
      m.accuracy == null ? null : h('span', 'accuracy ', h('b', percent(m.accuracy))), m.labels ? h('span', count(m.labels, 'label')) : null, h('span', 'since ' + clock(m.updatedAt))))));
  }
  await load();
  fill(page, h('div.head', h('h1', 'Models'), me.may('trainer') ? h('div.actions',
    h('button', {type: 'button', onclick: () => void upload().catch(alertBox)}, 'Bring weights…'), h('button', {type: 'button', onclick: () => void catalog().catch(alertBox)}, 'Public weights…')) : null),
    models.length ? list : empty('Nothing is served yet. A model is a name for a checkpoint: a run that succeeded has a button “Serve”.', h('a.button.primary', {href: '#/runs?state=SUCCEEDED'}, 'Runs that succeeded')),
    more, curl('GET', 'models'));
}
