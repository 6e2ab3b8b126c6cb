/** One model: ask it, see what it served and serves, roll it back, evaluate it. */
import {get, once, send} from '../api.js';
import {fill, h} from '../dom.js';
import {clock, count, longTime, percent, short} from '../format.js';
import {alertBox, confirm, curl, dialog} from '../parts.js';
import {predictor} from '../predict.js';
import {link} from '../runlink.js';

export async function show(page, {id: name, signal, me}) {
  const path = 'models/' + encodeURIComponent(name);
  const model = await get(path, {signal});
  const kinds = new Map();
  await Promise.all([...new Set(model.history.map((s) => s.checkpoint))].slice(0, 20).map((c) => get('checkpoints/' + c, {signal}).then((found) => kinds.set(c, found)).catch(() => null)));
  const now = kinds.get(model.checkpoint);
  const before = model.history.find((s) => s.checkpoint !== model.checkpoint);
  const can = me.may('trainer');
  fill(page, h('div.crumb', h('a', {href: '#/models'}, 'Models')),
    h('div.head', h('h1', name), h('div.actions', can ? [
      h('button', {type: 'button', onclick: () => void choose('Evaluate ' + name, 'evaluations', {tta: '4'}).catch(alertBox)}, 'Evaluate…'),
      h('button', {type: 'button', onclick: () => void choose('Predict a dataset with ' + name, 'batch-predictions', {}).catch(alertBox)}, 'Predict a dataset…'),
      before ? h('button', {type: 'button', onclick: rollBack}, 'Roll back…') : null,
      h('button', {type: 'button', onclick: () => confirm('Take the name ' + name + ' away', h('p', 'Requests for it are answered 404 from then on. The checkpoint stays.'), 'Take it away', 'DELETE', path, null, () => { location.hash = '#/models'; })}, 'Delete…')] : null)),
    now ? h('div.facts', fact('right', percent(now.metrics?.accuracy)), fact('network', now.architecture), fact('size', now.preprocessing?.size ? now.preprocessing.size + ' px' : null), fact('labels', now.labels.length),
      now.origin?.run ? h('span', 'from ', h('a', {href: '#/run/' + now.origin.run}, 'its run')) : null, fact('since', clock(model.updatedAt))) : null,
    predictor(name, Boolean(now?.temperature), signal),
    h('div.two', h('section', h('h2', 'What it served'), h('div.scroll', h('table', h('tbody', model.history.map((s, i) => {
      const c = kinds.get(s.checkpoint);
      return h('tr', h('td', i ? '' : 'now'), h('td', h('code', short(s.checkpoint))), h('td.number', percent(c?.metrics?.accuracy)), h('td.grow', c?.origin?.run ? h('a', {href: '#/run/' + c.origin.run}, 'run ' + short(c.origin.run)) : c ? 'brought in' : 'deleted'), h('td.number.muted', {title: longTime(s.since)}, 'since ' + clock(s.since)));
    }))))),
    now ? h('section', h('h2', count(now.labels.length, 'label')), h('p', now.labels.slice(0, 200).map((l) => h('span.tag', h('bdi', l))))) : null),
    curl('GET', path));

  function rollBack() {
    const c = kinds.get(before.checkpoint);
    confirm('Roll ' + name + ' back', h('p', 'It will serve ', h('code', short(before.checkpoint)), c ? ` again, which told ${percent(c.metrics?.accuracy)} right, instead of ${percent(now?.metrics?.accuracy)}.` : ' again.'), 'Roll back', 'POST', path + '/rollback', null, () => window.dispatchEvent(new HashChangeEvent('hashchange')));
  }

  /** A run of the model over a dataset. */
  async function choose(title, route, body) {
    const datasets = (await get('datasets?limit=100', {signal})).items.filter((d) => d.state === 'READY');
    const select = h('select', {'aria-label': 'Dataset'}, datasets.map((d) => h('option', {value: d.id}, d.name)));
    const headers = once();
    dialog(title, [h('label', 'Dataset ', select), curl('POST', path + '/' + route, {dataset: datasets[0]?.id, ...body})], [['Start', async () => {
      location.hash = link(await send('POST', path + '/' + route, {dataset: select.value, ...body}, {headers}));
    }, 'primary']]);
  }
}

const fact = (what, value) => (value == null ? null : h('span', what + ' ', h('b', value)));
