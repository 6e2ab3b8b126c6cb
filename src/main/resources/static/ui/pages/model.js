/** One model: ask it, see what it served and serves, roll it back, evaluate it. */
import {get, once, send} from '../api.js';
import {fill, h} from '../dom.js';
import {clock, count, longTime, percent, short} from '../format.js';
import {alertBox, confirm, curl, dialog} from '../parts.js';
import {predictor} from '../predict.js';
import {link} from '../runlink.js';
import {take} from '../weights.js';

export async function show(page, {id: name, signal, me}) {
  const path = 'models/' + encodeURIComponent(name);
  const model = await get(path, {signal});
  const now = await get('checkpoints/' + model.checkpoint, {signal});
  const before = model.history.find((s) => s.checkpoint !== model.checkpoint);
  const can = me.may('trainer');
  fill(page, h('div.crumb', h('a', {href: '#/models'}, 'Models')),
    h('div.head', h('h1', name), h('div.actions', h('button', {type: 'button', onclick: () => take(model.checkpoint, name)}, 'Weights…'), can ? [
      h('button', {type: 'button', onclick: () => void choose('Evaluate ' + name, 'evaluations', {tta: '4'}).catch(alertBox)}, 'Evaluate…'),
      h('button', {type: 'button', onclick: () => void choose('Predict a dataset with ' + name, 'batch-predictions', {}).catch(alertBox)}, 'Predict a dataset…'),
      before ? h('button', {type: 'button', onclick: rollBack}, 'Roll back…') : null,
      h('button', {type: 'button', onclick: () => confirm('Take the name ' + name + ' away', h('p', 'Requests for it are answered 404 from then on. The checkpoint stays.'), 'Take it away', 'DELETE', path, null, () => { location.hash = '#/models'; })}, 'Delete…')] : null)),
    h('div.facts', fact('accuracy', percent(model.accuracy)), fact('network', network(now)), fact('size', now.preprocessing?.size ? now.preprocessing.size + ' px' : null), fact('labels', now.labels.length),
      model.run ? h('span', 'from ', h('a', {href: '#/run/' + model.run}, 'its run')) : null, fact('since', clock(model.updatedAt))),
    predictor(name, Boolean(now.temperature), signal),
    h('div.two', h('section', h('h2', 'What it served'), h('div.scroll', h('table', h('tbody', model.history.map((s, i) => h('tr', h('td', i ? null : h('span.state.live', h('i', '●'), 'now')), h('td', h('code', short(s.checkpoint))), h('td.number', percent(s.accuracy)),
      h('td.grow', s.run ? h('a', {href: '#/run/' + s.run}, 'run ' + short(s.run)) : s.labels == null ? 'deleted' : 'brought in'), h('td.number.muted', {title: longTime(s.since)}, 'since ' + clock(s.since)))))))),
    h('section', h('h2', count(now.labels.length, 'label')), h('p', now.labels.slice(0, 200).map((l) => h('span.tag', h('bdi', l)))))),
    curl(['GET', path], ['PUT', path, {checkpoint: model.checkpoint}], ['POST', path + '/rollback']));

  function rollBack() {
    confirm('Roll ' + name + ' back', h('p', 'It will serve ', h('code', short(before.checkpoint)), before.accuracy == null ? ' again.' : ` again, with an accuracy of ${percent(before.accuracy)} instead of ${percent(model.accuracy)}.`), 'Roll back', 'POST', path + '/rollback', null, () => window.dispatchEvent(new HashChangeEvent('hashchange')));
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

/** A network's name, and what is not plain about it. */
const network = (c) => [c.architecture, c.activation === 'relu' ? null : c.activation, c.pooling === 'max' ? null : c.pooling, c.selfAttention ? 'self-attention' : null].filter(Boolean).join(' ');

const fact = (what, value) => (value == null ? null : h('span', what + ' ', h('b', value)));
