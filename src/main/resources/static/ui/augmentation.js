/** What a recipe makes of the pictures, phase by phase, and what mixup does to two of them. */
import {get} from './api.js';
import {fill, h} from './dom.js';
import {picture} from './parts.js';

export async function augmentation(dataset, query, signal) {
  const {items: presets} = await get('recipes', {signal});
  const sheets = h('div.columns');
  const blend = h('div');
  const recipe = h('select', {'aria-label': 'Recipe', onchange: () => draw()}, presets.map((p) => h('option', {value: p.name, selected: p.name === (query.get('recipe') || 'progressive')}, p.name)));
  const mixup = h('input', {type: 'checkbox', onchange: () => draw()});
  const lambda = h('input', {type: 'range', min: 0, max: 1, step: 0.05, value: 0.3, 'aria-label': 'Lambda', onchange: () => mix()});
  const [a, b] = [0, Math.max(1, Math.floor(dataset.pictures / 2))].map((v, i) => h('input', {type: 'number', min: 0, max: dataset.pictures - 1, value: v, 'aria-label': i ? 'Second picture' : 'First picture', style: {width: '96px'}, onchange: () => mix()}));

  function draw() {
    const phases = presets.find((p) => p.name === recipe.value).recipe.phases;
    fill(sheets, phases.map((p, i) => h('figure.shot', picture(`datasets/${dataset.id}/batch?pictures=16&phase=${i + 1}&recipe=${recipe.value}` + (mixup.checked ? '&mixup=true' : ''), `Sixteen augmented pictures of phase ${i + 1} with their labels`, {class: 'sheet'}))));
  }

  const mix = () => fill(blend, picture(`datasets/${dataset.id}/blend?a=${a.value}&b=${b.value}&lambda=${lambda.value}`, 'Two pictures and their blend', {class: 'sheet'}));
  draw();
  mix();
  return h('div', h('div.filters', recipe, h('label.check', mixup, 'blend two pictures (mixup)')), sheets, h('h2', 'Mixup, on two pictures'), h('div.filters', {style: {'align-items': 'center'}}, a, b, h('label.check', 'λ', lambda)), blend);
}
