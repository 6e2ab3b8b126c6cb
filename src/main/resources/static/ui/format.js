/** Numbers, times and words as people read them. */

export const percent = (x, digits = 1) => (x == null ? '–' : (100 * x).toFixed(digits) + '\u00a0%');
export const whole = (x) => (x == null ? '–' : Math.round(x).toLocaleString('en-US'));
export const fixed = (x, digits = 3) => (x == null ? '–' : x.toFixed(digits));

/** Up to four significant digits, by powers of ten where they are many. */
export function number(x) {
  if (x == null) return '–';
  if (x === 0) return '0';
  const size = Math.abs(x);
  return size < 1e-3 || size >= 1e6 ? x.toExponential(2).replace('e+', 'e').replace(/\.?0+e/, 'e') : String(Number(x.toPrecision(4)));
}

export function bytes(x) {
  if (x == null) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const i = x < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(x) / 3));
  const value = x / 1000 ** i;
  return (i === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)) + ' ' + units[i];
}

/** 42 s, 12 min, 3.4 h. */
export function duration(seconds) {
  if (seconds == null) return '–';
  if (seconds < 90) return Math.max(seconds < 10 ? 0 : 1, Math.round(seconds)) + ' s';
  if (seconds < 90 * 60) return Math.round(seconds / 60) + ' min';
  if (seconds < 48 * 3600) return (seconds / 3600).toFixed(1) + ' h';
  return Math.round(seconds / 86400) + ' days';
}

/** "12 min", or "10–15 min" where the ends read differently. */
export function span(s) {
  if (!s) return '';
  const [low, high] = [duration(s.low), duration(s.high)];
  if (low === high) return low;
  const [a, unit] = low.split(' ');
  return high.endsWith(' ' + unit) ? a + '–' + high : low + ' – ' + high;
}

const CLOCK = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const DAY = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'});
const LONG = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23'});

/** 14:02 of today, 12 Nov 14:02 of another day. */
export function clock(at) {
  if (!at) return '–';
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return (today ? '' : DAY.format(date) + ' ') + CLOCK.format(date);
}

export const longTime = (at) => LONG.format(new Date(at));

export function ago(at) {
  const s = (Date.now() - new Date(at)) / 1000;
  return s < 5 ? 'now' : duration(s) + ' ago';
}

export const short = (id) => (id ? id.slice(-6) : '–');
export const count = (n, one, many = one + 's') => whole(n) + ' ' + (n === 1 ? one : many);
