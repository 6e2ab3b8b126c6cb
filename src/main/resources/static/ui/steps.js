/** The first steps of an empty service: a dataset, a run, a model, each one click. */
import {once, send, sleep} from './api.js';
import {SAMPLE} from './bring.js';
import {fill, h} from './dom.js';
import {whole} from './format.js';
import {action, curl} from './parts.js';

export async function firstSteps(body, dataset, me, signal) {
  const ready = dataset?.state === 'READY';
  const now = dataset ? dataset.state + dataset.id : 'none';
  if (body.dataset.now === now) return;
  body.dataset.now = now;
  const smoke = {dataset: dataset?.id, recipe: 'smoke', name: 'first'};
  fill(body, h('section.steps',
    h('p.lead', 'From nothing to a model that answers takes about a minute, and three clicks.'),
    h('ol',
      step('A dataset', dataset ? 'done' : 'now', dataset ? [h('a', {href: '#/dataset/' + dataset.id}, dataset.name), ready ? ', ' + whole(dataset.pictures) + ' pictures' : ', being drawn…'] : 'A thousand drawn pictures of ten shapes, or your own.',
        dataset || !me.may('trainer') ? null : [action('Draw the sample', () => send('POST', 'datasets', SAMPLE, {headers: once()}).then(() => sleep(400, signal)), {kind: 'primary'}), h('a.button', {href: '#/datasets'}, 'Bring your own'), curl('POST', 'datasets', SAMPLE)]),
      step('A run', ready ? 'now' : 'later', 'The recipe “smoke” trains a small network on it within seconds.',
        ready && me.may('trainer') ? [action('Train on it', async () => { location.hash = '#/run/' + (await send('POST', 'runs', smoke, {headers: once()})).id; }, {kind: 'primary'}), h('a.button', {href: '#/new?dataset=' + dataset.id}, 'Choose a recipe'), curl('POST', 'runs', smoke)] : null),
      step('A model', 'later', 'When it has ended, serve its best weights under a name and drop a picture on it.', null))));
}

const step = (title, state, text, buttons) => h('li', {class: state, 'aria-current': state === 'now' && 'step'}, h('h2', title), h('p', text), buttons ? h('div.actions', buttons) : null);
