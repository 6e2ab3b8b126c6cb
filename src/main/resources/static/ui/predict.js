/** Asking a model about a picture: dropped, pasted, chosen, or one of a dataset. */
import {ask, get, send} from './api.js';
import {fill, h} from './dom.js';
import {percent} from './format.js';
import {alertBox, curl, dialog, picture, problem} from './parts.js';

const COMBINES = ['mean', 'max'];

const MOST = 32; // pictures of one request

/** The panel of one model. `calibrated` says whether a temperature is known to calibrate with. */
export function predictor(model, calibrated, signal) {
  let pictures = [];
  let asking = null;
  const answer = h('div', {'aria-live': 'polite'}, h('p.muted', 'The answer comes here.'));
  const command = h('div');
  const file = h('input.unseen', {type: 'file', accept: 'image/*', multiple: true, tabindex: -1, 'aria-hidden': 'true', onchange: () => take([...file.files])});
  const drop = h('div.drop', {
    ondragover: (e) => { e.preventDefault(); drop.classList.add('over'); },
    ondragleave: () => drop.classList.remove('over'),
    ondrop: (e) => { e.preventDefault(); drop.classList.remove('over'); take([...e.dataTransfer.files]); },
  });
  const select = (label, values, shown) => h('select', {'aria-label': label, onchange: () => predict()}, values.map((v, i) => h('option', {value: v}, shown?.[i] ?? v)));
  const tta = select('Views', ['none', 'flip', '4', '8', 'auto'], ['one view', 'and its mirror image', '4 augmented views', '8 augmented views', 'more where it doubts']);
  const budget = h('input', {type: 'number', min: 1, max: 60000, placeholder: '–', 'aria-label': 'Milliseconds at most', style: {width: '76px'}, onchange: () => predict()});
  const combine = select('Combine', COMBINES, ['mean of the views', 'largest of the views']);
  const top = h('input', {type: 'number', min: 1, max: 1000, value: 5, 'aria-label': 'Labels shown', style: {width: '68px'}, onchange: () => predict()});
  const calibrate = h('input', {type: 'checkbox', disabled: !calibrated, onchange: () => predict()});

  const empty = () => fill(drop, h('div', 'Drop pictures here, paste one, or'), h('div.actions',
    h('button.primary', {type: 'button', onclick: () => file.click()}, 'Choose a file'), h('button', {type: 'button', onclick: () => void pick().catch(alertBox)}, 'Pick from a dataset…')), file);

  function take(chosen) {
    if (!chosen.length) return;
    pictures = chosen.slice(0, MOST);
    drop.classList.add('full');
    fill(drop, pictures.length > 1 ? h('div.pictures', pictures.map((p) => h('figure', shown(p), h('figcaption', p.name)))) : shown(pictures[0]),
      chosen.length > MOST ? h('div', `The first ${MOST} of ${chosen.length}.`) : null, h('div.actions', h('button', {type: 'button', onclick: () => file.click()}, 'Another file'), h('button', {type: 'button', onclick: () => void pick().catch(alertBox)}, 'Another of a dataset…')), file);
    void predict();
  }

  async function predict() {
    auto.hidden = tta.value !== 'auto';
    if (!pictures.length) return;
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({tta: tta.value, topK: top.value || 5});
    if (tta.value !== 'none') query.set('combine', combine.value);
    if (tta.value === 'auto' && budget.value) query.set('budgetMs', budget.value);
    if (calibrate.checked) query.set('calibrated', 'true');
    const path = 'models/' + encodeURIComponent(model) + '/predictions?' + query;
    const one = pictures.length === 1 && pictures[0];
    const type = one && (one.type || 'application/octet-stream');
    fill(command, curl('POST', path, null, one ? `--data-binary @${quoted(one.name)} -H 'Content-Type: ${type}'` : pictures.map((p) => '-F image=@' + quoted(p.name)).join(' ')));
    const form = new FormData();
    pictures.forEach((p) => form.append('image', p));
    try {
      if (one) bars(await send('POST', path, one, {headers: {'Content-Type': type}, signal: asking.signal}));
      else table(await send('POST', path, form, {signal: asking.signal}));
    } catch (e) {
      if (e.name !== 'AbortError') fill(answer, problem(e));
    }
  }

  function bars({predictions, tta: seen, precision, timing}) {
    const total = Object.values(timing).reduce((a, b) => a + b, 0);
    fill(answer, h('div.bars', predictions.map((p, i) => [h('span', {class: i ? '' : 'top'}, h('bdi', p.label)), h('span.bar', h('i', {style: {width: 100 * (p.probability ?? p.score) + '%'}})), h('span', {class: i ? '' : 'top'}, percent(p.probability ?? p.score))])),
      h('p.muted', {style: {'margin-top': '12px'}}, `${total.toFixed(1)} ms: decoding ${timing.decodeMs.toFixed(1)}, views ${timing.viewsMs.toFixed(1)}, queue ${timing.queueMs.toFixed(1)}, network ${timing.inferenceMs.toFixed(1)} in ${precision}. `,
        seen.views > 1 ? `${Math.round(seen.agreement * seen.views)} of ${seen.views} views agree` + (seen.reason ? ` (${seen.reason}).` : '.') : seen.reason ? `One view was enough (${seen.reason}).` : ''));
  }

  const table = ({items}) => fill(answer, h('table', h('tbody', items.map((i) => h('tr', h('td.name', i.file), i.problem
    ? h('td', {colspan: 2}, h('small.muted', i.problem.detail)) : [h('td', h('bdi', i.predictions[0].label)), h('td.number', percent(i.predictions[0].probability ?? i.predictions[0].score))])))));

  async function pick() {
    const datasets = (await get('datasets?limit=100', {signal})).items.filter((d) => d.state === 'READY');
    if (!datasets.length) return alertBox(new Error('There is no dataset yet.'));
    const grid = h('div.pictures');
    const choose = h('select', {'aria-label': 'Dataset', onchange: () => load()}, datasets.map((d) => h('option', {value: d.id}, d.name)));
    let box;
    async function load() {
      const {items} = await get(`datasets/${choose.value}/images?split=valid&limit=200`, {signal});
      const some = items.filter((_, i) => i % Math.ceil(items.length / 24) === 0);
      fill(grid, some.map((i) => h('figure', h('button', {type: 'button', 'aria-label': i.label + ', ' + i.path, onclick: async () => {
        box.close();
        take([new File([await (await ask(`datasets/${choose.value}/images/${i.id}`)).blob()], i.path.split('/').pop(), {type: 'image/jpeg'})]);
      }}, picture(`datasets/${choose.value}/images/${i.id}?size=160`, '')), h('figcaption', h('bdi', i.label)))));
    }
    box = dialog('A picture that it was not trained on', [choose, h('div', {style: {height: '12px'}}), grid], []);
    box.classList.add('wide');
    return load();
  }

  const paste = (e) => take([...e.clipboardData.files]);
  document.addEventListener('paste', paste);
  signal.addEventListener('abort', () => document.removeEventListener('paste', paste));
  empty();
  const auto = h('label.check', {hidden: true}, 'within', budget, 'ms');
  return h('div.two', h('div', drop, h('div.filters', {style: {'margin-top': '12px'}}, tta, auto, combine, h('label.check', top, 'labels'),
    h('label.check', {title: calibrated ? 'Probabilities that mean what they say' : 'Evaluate the model first'}, calibrate, 'calibrated'))), h('div', answer, command));
}

const quoted = (name) => "'" + name.replaceAll("'", "'\\''") + "'";

function shown(picture) {
  const image = h('img', {alt: 'The picture that is asked about', onload: () => URL.revokeObjectURL(image.src), onerror: () => image.remove()});
  image.src = URL.createObjectURL(picture);
  return image;
}
