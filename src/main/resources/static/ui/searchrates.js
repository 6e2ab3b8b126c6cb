/** The dialog that begins a search for a learning rate. */
import {once, send} from './api.js';
import {fill, h} from './dom.js';
import {curl, dialog} from './parts.js';

/** `request` is what a run would be asked for. */
export function searchRates({dataset, recipe, overrides, from}) {
  const field = (id, label, value, props) => [h('div.field', h('label', {for: id}, label), h('input', {id, type: 'number', required: true, value, oninput: say, ...props}))];
  const command = h('div');
  const headers = once();
  const value = (id) => Number(document.getElementById(id)?.value);
  const body = () => ({dataset, recipe, overrides, space: {'phases[0].learningRate': {min: value('rate-min'), max: value('rate-max'), log: true}}, trials: value('trials'), name: 'learning rate'});
  function say() { fill(command, curl('POST', 'searches', body())); }
  dialog('Search the learning rate', [
    h('p', 'Trials draw it at random, all powers of ten alike. Each time they are compared, one of three goes on, so that most cost a part of a run.'),
    overrides?.budget ? h('p', 'The time of the form is the whole search’s: it ends in time, with the best so far.') : null,
    from ? h('p.note', 'They begin from scratch: a search starts from no checkpoint.') : null,
    h('div.fields', field('rate-min', 'Smallest', 1e-4, {step: 'any', min: 1e-8, max: 10}), field('rate-max', 'Largest', 1e-1, {step: 'any', min: 1e-8, max: 10}), field('trials', 'Trials', 9, {min: 2, max: 200})), command],
  [['Begin', async () => { location.hash = '#/search/' + (await send('POST', 'searches', body(), {headers})).id; }, 'primary']]);
  say();
}
