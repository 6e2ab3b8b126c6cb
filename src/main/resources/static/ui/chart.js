/** Curves: uPlot in the page's colours, with a keyboard cursor, a zoom that stays, and a table. */
import {colour, tick} from './axis.js';
import {h} from './dom.js';
import {number} from './format.js';

export const SERIES = ['--s1', '--s2', '--s3', '--s4', '--s5', '--s6', '--s7', '--s8', '--s9', '--s10'];
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3], [10, 4], [1, 2], [4, 2], [12, 3, 3, 3], [3, 6], [6, 2]];
/**
 * A chart. `lines` are `{label, colour, dash, points, scale, format, band: [upper, lower]}` in the
 * order of the columns that `set` takes after x. Options: `x` its label, `shares` for an axis in
 * percent, `range` of y from the data, `marks` that draw over the plot.
 */
export function chart(title, lines, {x = 'step', logX = false, height = 190, sync, digits = number, shares = false, range, marks} = {}) {
  const holder = h('div.plot', {tabindex: 0, role: 'img', 'aria-label': title, style: {'min-height': height + 'px'}});
  const legend = h('div.legend');
  const table = h('details.numbers', {ontoggle: () => fillTable()}, h('summary', 'as table'));
  const root = h('figure.chart', h('figcaption', h('div.title', h('strong', title)), legend), holder, table);
  let data = [[], ...lines.map(() => [])];
  let plot = null;
  let zoomed = false;
  let logY = false;

  const second = lines.find((line) => line.scale === 'right');
  const log = h('button.quiet', {type: 'button', 'aria-pressed': 'false', title: 'Logarithmic', onclick: () => {
    logY = !logY;
    log.setAttribute('aria-pressed', String(logY));
    draw();
  }}, 'log');
  const all = h('button.quiet', {type: 'button', hidden: true, onclick: () => together(null)}, 'show all');
  root.querySelector('.title').append(h('span.tools', all, second || shares ? null : log));

  function axes() {
    const common = {stroke: colour('--muted'), font: '11px system-ui', grid: {stroke: colour('--grid'), width: 1}, ticks: {show: false}};
    const values = (percents, powers) => (u, ticks, axis, space, step) => ticks.map((t) => (t == null ? '' : powers ? number(t) : tick(t, step, percents)));
    const axis = [{...common, size: 26, values: values(false, logX)}, {...common, size: 52, values: values(shares, logY)}];
    if (second) axis.push({...common, scale: 'right', side: 1, size: 46, grid: {show: false}, values: values(false)});
    return axis;
  }

  function draw() {
    const keep = plot && zoomed ? {min: plot.scales.x.min, max: plot.scales.x.max} : null;
    plot?.destroy();
    plot = new uPlot({
      width: Math.max(200, holder.clientWidth), height,
      legend: {show: false},
      cursor: {sync: sync && {key: sync}, drag: {x: true, y: false}, points: {size: 6}},
      scales: {x: {time: false, distr: logX ? 3 : 1}, y: {distr: logY ? 3 : 1, ...(range && {range: () => range(data)})}, ...(second && {right: {}})},
      axes: axes(),
      series: [{label: x}, ...lines.map((line, i) => ({
        label: line.label, scale: line.scale || 'y', width: line.width ?? 1.6, show: true,
        stroke: line.width === 0 ? 'transparent' : colour(line.colour || SERIES[i]),
        dash: DASHES[line.dash || 0], spanGaps: true,
        points: line.points ? {show: true, size: 6, fill: colour(line.colour || SERIES[i])} : {show: false},
      }))],
      bands: lines.filter((l) => l.band).map((l) => ({series: l.band, fill: colour(l.colour)})),
      hooks: {setCursor: [tell], setSelect: [() => { zoomed = true; all.hidden = false; }], setScale: [(u, key) => { if (key === 'x') root.dataset.seen = [u.scales.x.min, u.scales.x.max].map(number).join(' to '); }], draw: marks ? [(u) => marks(u)] : []},
    }, data, holder);
    if (keep) plot.setScale('x', keep);
    tell(plot);
  }

  /** The values under the cursor, else the last ones. */
  function tell(u) {
    const at = u.cursor.idx ?? data[0].length - 1;
    legend.replaceChildren(...lines.flatMap((line, i) => (line.width === 0 ? [] : [h('span', h('i', {style: {'--c': `var(${line.colour || SERIES[i]})`}, class: 'dash' + (line.dash || 0)}), line.label, h('b', at < 0 ? '' : (line.format || digits)(near(data[i + 1], at))))])));
    if (u.cursor.idx != null) legend.prepend(h('span.muted', x + ' ' + number(data[0][at])));
  }

  function fillTable() {
    if (!table.open) return;
    const rows = data[0].map((v, r) => h('tr', h('td', number(v)), lines.map((l, i) => h('td', data[i + 1][r] == null ? '' : number(data[i + 1][r])))));
    table.replaceChildren(table.firstChild, h('div.scroll', {tabindex: 0}, h('table', h('thead', h('tr', h('th', x), lines.map((l) => h('th', l.label)))), h('tbody', rows))));
  }

  holder.addEventListener('keydown', (e) => {
    const step = {ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20}[e.key];
    if (step && plot && data[0].length) {
      e.preventDefault();
      const at = Math.min(data[0].length - 1, Math.max(0, (plot.cursor.idx ?? data[0].length - 1) + step));
      plot.setCursor({left: plot.valToPos(data[0][at], 'x'), top: height / 2});
      holder.setAttribute('aria-label', title + ', ' + legend.textContent);
    }
    if ('+-'.includes(e.key)) zoom(e.key === '+' ? 0.5 : 2);
    if (e.key === 'Escape' && zoomed) together(null);
  });

  /** Shows that part of what is seen, around the cursor or else its end. */
  function zoom(factor) {
    const {min, max} = plot?.scales.x ?? {};
    if (min == null || logX) return;
    const centre = data[0][plot.cursor.idx ?? data[0].length - 1];
    const half = (factor * (max - min)) / 2;
    together({min: Math.max(data[0][0], centre - half), max: Math.min(data[0].at(-1), centre + half)});
  }

  /** Charts over one cursor show one part, or null for all. */
  const together = (part) => (sync ? root.parentNode.querySelectorAll('.chart') : [root]).forEach((c) => c.dispatchEvent(new CustomEvent('part', {detail: part})));
  root.addEventListener('part', ({detail: part}) => {
    zoomed = part != null;
    all.hidden = !zoomed;
    if (zoomed) plot?.setScale('x', part);
    else plot?.setData(data);
  });

  holder.addEventListener('dblclick', () => together(null));
  const size = new ResizeObserver(() => {
    if (!plot) draw();
    else if (plot.width !== holder.clientWidth) plot.setSize({width: Math.max(200, holder.clientWidth), height});
  });
  size.observe(holder);
  const repaint = () => (root.isConnected ? draw() : window.removeEventListener('theme', repaint));
  window.addEventListener('theme', repaint);

  /** Shows columns: x and one a line. What somebody has zoomed to stays. */
  function set(columns) {
    data = columns;
    root.dataset.points = columns[0].length;
    if (plot) {
      plot.setData(data, !zoomed);
      if (zoomed) plot.redraw();
      tell(plot);
    }
  }
  return {root, set};
}

const near = (column, at) => {
  for (let i = at; i >= 0; i--) if (column[i] != null) return column[i];
  return null;
};
