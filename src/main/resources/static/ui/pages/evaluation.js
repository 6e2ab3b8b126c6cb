/** What a run's best weights are worth: confusion, labels, top losses, calibration, views. */
import {get, poll} from '../api.js';
import {fill, h} from '../dom.js';
import {count, duration, fixed, percent} from '../format.js';
import {badge, curl, empty, ENDED, problem} from '../parts.js';
import {heatmap} from '../confusion.js';
import {gallery} from '../gallery.js';

export async function show(page, {id, query, signal, fail}) {
  let run = await get('runs/' + id, {signal});
  if (!ENDED.includes(run.state)) return wait();
  return draw();

  function wait() {
    fill(page, h('div.crumb', h('a', {href: '#/runs'}, 'Runs')), h('div.head', h('h1', run.name), badge(run.state)), empty('Its evaluation comes when it has ended.', run.kind === 'train' ? h('a.button', {href: '#/run/' + id}, 'Watch it') : null));
    void poll(signal, async () => {
      run = await get('runs/' + id, {signal});
      if (ENDED.includes(run.state)) await draw();
    }, () => (ENDED.includes(run.state) ? 1e9 : 2000)).catch(fail);
  }

  async function draw() {
    const found = await get('runs/' + id + '/evaluation', {signal});
    const {labels} = found.confusionMatrix;
    const cell = h('section', {'aria-live': 'polite'});
    const open = (actual, predicted) => {
      query.set('cell', actual + ',' + predicted);
      history.replaceState(history.state, '', '#/evaluation/' + id + '?' + query);
      page.querySelectorAll('.heat button').forEach((b) => b.setAttribute('aria-pressed', String(labels[b.dataset.actual] === actual && labels[b.dataset.predicted] === predicted)));
      void pictures(cell, actual, predicted).then(() => cell.scrollIntoView({block: 'nearest'}));
    };
    fill(page, h('div.crumb', h('a', {href: '#/runs'}, 'Runs'), ' / ', run.kind === 'train' ? h('a', {href: '#/run/' + id}, run.name) : run.name), h('div.head', h('h1', 'Evaluation of ' + run.name)),
      found.leaky ? h('div.note', '⚠ Leaky: some of these pictures were trained on in an earlier phase, so that the accuracy is too high.') : null,
      h('div.tiles', tile(percent(found.accuracy), 'of ' + count(found.pictures, 'picture') + ' told right'),
        found.ttaAccuracy ? tile(percent(found.ttaAccuracy), 'with test-time augmentation') : null,
        found.loss != null ? tile(fixed(found.loss, 3), 'loss') : null,
        found.calibration ? tile(fixed(found.calibration.error) + ' → ' + fixed(found.calibration.calibratedError), 'calibration error, once divided by T = ' + fixed(found.calibration.temperature, 2)) : null),
      h('div.two', h('section', h('h2', 'Confusion'), heatmap(found.confusionMatrix, open, query.get('cell'))),
        h('section', h('h2', 'Most confused'), confused(found.mostConfused, open), found.tta ? views(found.tta) : null)),
      cell,
      found.topLosses.length ? [h('h2', 'Top losses'), h('p.muted', 'The pictures that it is most wrong about, the worst first: they are hard, or their labels are wrong.'), gallery(found.topLosses.map((t) => ({
        path: t.image.replace('/api/v1/', ''), title: `${t.actual}, told as ${t.predicted} with ${percent(t.probability)}`,
        caption: [h('b', h('bdi', t.actual)), ' → ', h('bdi', t.predicted), h('br'), percent(t.probability, 0) + ', loss ' + fixed(t.loss, 2)]})), 160).root] : null,
      h('h2', 'Labels'), scores(found.labels), curl('GET', 'runs/' + id + '/evaluation'));
    if (query.get('cell')) {
      const [actual, ...rest] = query.get('cell').split(',');
      if (labels.includes(actual)) void pictures(cell, actual, rest.join(','));
    }
  }

  /** The pictures of one true label that were told as another. */
  async function pictures(section, actual, predicted) {
    try {
      const path = 'runs/' + id + '/evaluation/pictures?' + new URLSearchParams({actual, predicted, limit: 48});
      const part = await get(path, {signal});
      fill(section, h('h2', h('bdi', actual), ' told as ', h('bdi', predicted)), part.items.length ? gallery(part.items.map((p) => ({
        path: p.image.replace('/api/v1/', ''), title: `${actual}, told as ${predicted} with ${percent(p.probability)}`,
        caption: percent(p.probability, 0) + ', loss ' + fixed(p.loss, 2)})), 160).root : h('p.muted', 'No picture.'));
    } catch (e) {
      if (e.name !== 'AbortError') fill(section, h('h2', actual + ' told as ' + predicted), problem(e));
    }
  }
}

const tile = (value, text) => h('div.tile', h('b', value), h('span', text));

function confused(pairs, open) {
  if (!pairs.length) return h('p.muted', 'Nothing was confused more than once.');
  const most = pairs[0].count;
  return h('div.bars', pairs.slice(0, 10).map((p) => [h('button.quiet', {type: 'button', onclick: () => open(p.actual, p.predicted)}, h('bdi', p.actual), ' → ', h('bdi', p.predicted)), h('span.bar', h('i', {style: {width: (100 * p.count) / most + '%', background: 'var(--s2)'}})), h('span', p.count)]));
}

function views(tta) {
  const plain = tta.choices.find((c) => c.tta === 'none');
  return [h('h2', 'Test-time augmentation, and its price'), h('table', h('thead', h('tr', ['', 'views', 'accuracy', 'gain', 'a picture'].map((t, i) => h('th', {class: i ? 'number' : null, scope: 'col'}, t)))),
    h('tbody', tta.choices.map((c) => h('tr', h('td', h('code', 'tta=' + c.tta)), h('td.number', c.views), h('td.number', percent(c.accuracy)),
      h('td.number', c === plain ? '' : (c.accuracy >= plain.accuracy ? '+' : '−') + Math.abs(100 * (c.accuracy - plain.accuracy)).toFixed(1)), h('td.number', c.msPerImage < 1000 ? c.msPerImage.toFixed(1) + ' ms' : duration(c.msPerImage / 1000)))))),
  h('p.muted', 'Measured on ' + count(tta.pictures, 'picture') + ', beside the training.')];
}

/** More rows than these are read by nobody, and slow to draw. */
const MOST_SCORES = 500;

function scores(labels) {
  const columns = [['label', 'label'], ['precision', 'precision'], ['recall', 'recall'], ['f1', 'F1'], ['support', 'pictures']];
  const body = h('tbody');
  let [by, down] = ['f1', false];
  const draw = () => fill(body, [...labels].sort((a, b) => (down ? -1 : 1) * (by === 'label' ? a.label.localeCompare(b.label) : a[by] - b[by])).slice(0, MOST_SCORES).map((l) => h('tr', h('td.name', l.label), ['precision', 'recall', 'f1'].map((k) => h('td.number', percent(l[k]))), h('td.number', l.support))));
  const head = h('tr', columns.map(([key, text], i) => h('th', {class: i ? 'number' : null, scope: 'col', 'aria-sort': key === by ? 'ascending' : null}, h('button', {type: 'button', onclick: (e) => {
    down = by === key ? !down : false;
    by = key;
    head.querySelectorAll('th').forEach((th) => th.removeAttribute('aria-sort'));
    e.currentTarget.parentNode.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    draw();
  }}, text))));
  draw();
  return [h('div.scroll', h('table', h('thead', head), body)), labels.length > MOST_SCORES ? h('p.muted', `The first ${MOST_SCORES} of ${labels.length} in this order.`) : null];
}
