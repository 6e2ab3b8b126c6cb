/** What is drawn at and along the axes of a chart. */
import {number} from './format.js';

const probe = document.createElement('i');

/** What a colour of the stylesheet is in the theme of now. */
export function colour(name) {
  if (!probe.isConnected) document.body.append(Object.assign(probe, {hidden: true}));
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/** An upright line at an x of a chart, with a word beside it, `row` rows from the top. */
export function upright(u, x, name, word = '', row = 0) {
  const {ctx, bbox} = u;
  const left = u.valToPos(x, 'x', true);
  if (left < bbox.left || left > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour(name);
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
  ctx.textAlign = 'left';
  ctx.font = 11 * devicePixelRatio + 'px system-ui';
  ctx.fillText(word, left + 4, bbox.top + (12 + 14 * row) * devicePixelRatio);
  ctx.restore();
}

/** A number at an axis, with as many digits as tell it from the next, `step` away. */
export function tick(value, step, percents) {
  const apart = Number((percents ? 100 * step : step).toPrecision(4));
  const digits = Math.max(0, (String(apart).split('.')[1] || '').length);
  if (percents) return (100 * value).toFixed(digits) + ' %';
  if (!apart || digits > 5 || Math.abs(value) >= 1e6) return number(value);
  return value.toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits});
}
