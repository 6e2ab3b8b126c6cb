/** A confusion matrix to look into: true labels are rows, predicted ones columns. */
import {fill, h} from './dom.js';
import {count, percent} from './format.js';

const MOST = 40;

/** The cells that are not zero, whichever form the matrix is told in. */
export function cells(matrix) {
  return matrix.cells || matrix.counts.flatMap((row, actual) => row.flatMap((n, predicted) => (n ? [{actual, predicted, count: n}] : [])));
}

/** A grid that arrow keys move in; `open(actual, predicted)` is told the labels of a chosen cell. */
export function heatmap(matrix, open, chosen) {
  const {labels} = matrix;
  if (labels.length > MOST) return h('p.muted', count(labels.length, 'label') + ' are too many for a picture: the pairs that are confused most are below.');
  const counts = labels.map(() => labels.map(() => 0));
  for (const cell of cells(matrix)) counts[cell.actual][cell.predicted] = cell.count;
  const sums = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const grid = h('div.heat', {role: 'group', 'aria-label': 'Confusion: rows are true labels, columns predicted ones', style: {'grid-template-columns': `minmax(0, max-content) repeat(${labels.length}, minmax(30px, ${labels.length > 14 ? 40 : 56}px))`}});
  let shares = false;

  function draw() {
    fill(grid, h('div'), labels.map((l) => h('div.col', {title: l}, h('bdi', l))), counts.map((row, actual) => [
      h('div.row', {title: labels[actual]}, h('bdi', labels[actual])), row.map((n, predicted) => cell(n, actual, predicted))]));
  }

  function cell(n, actual, predicted) {
    const share = sums[actual] ? n / sums[actual] : 0;
    const right = actual === predicted;
    const text = shares ? String(Math.round(100 * share)) : String(n);
    return h('button', {
      type: 'button', class: n ? null : 'zero', tabindex: actual === 0 && predicted === 0 ? 0 : -1,
      'data-actual': actual, 'data-predicted': predicted, 'aria-pressed': String(chosen === labels[actual] + ',' + labels[predicted]),
      title: `${labels[actual]} told as ${labels[predicted]}: ${n} of ${sums[actual]}, ${percent(share)}`,
      'aria-label': `${labels[actual]} told as ${labels[predicted]}: ${n}`,
      style: {'--v': String(n ? 0.12 + 0.88 * share : 0), '--hue': right ? 'var(--right)' : 'var(--wrong)'},
      onclick: () => open(labels[actual], labels[predicted]),
    }, text);
  }

  grid.addEventListener('keydown', (e) => {
    const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[e.key];
    const at = e.target.dataset;
    if (!step || at.actual == null) return;
    const next = grid.querySelector(`[data-actual="${Number(at.actual) + step[0]}"][data-predicted="${Number(at.predicted) + step[1]}"]`);
    if (next) {
      e.preventDefault();
      e.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  });
  const toggle = h('button.quiet', {type: 'button', 'aria-pressed': 'false', onclick: () => {
    shares = !shares;
    toggle.setAttribute('aria-pressed', String(shares));
    draw();
  }}, '% of the row');
  draw();
  return h('div', h('p.muted', 'Rows are true labels, columns predicted ones. ', toggle), h('div.scroll', grid));
}
