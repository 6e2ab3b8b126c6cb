/** The time that a run gets, as a slider: at its left end as long as its epochs take. */
import {fill, h} from './dom.js';

const TIMES = [null, '10s', '20s', '30s', '1m', '2m', '3m', '5m', '10m', '15m', '20m', '30m', '45m', '1h', '90m', '2h', '3h', '4h', '6h', '8h', '12h', '24h'];
const UNITS = {s: 'second', m: 'minute', h: 'hour'};

/** `changed(budget)` hears what a recipe's field `budget` becomes; null for none. */
export function budgetSlider(changed) {
  const said = h('output', {for: 'budget'});
  const input = h('input', {id: 'budget', type: 'range', min: 0, max: TIMES.length - 1, step: 1, value: 0, oninput: () => say(TIMES[input.value]), onchange: () => {
    const time = TIMES[input.value];
    changed(time ? {time, until: null} : null);
  }});

  function say(text) {
    fill(said, text ? 'done in ' + words(text) : 'as long as its epochs take');
    input.setAttribute('aria-valuetext', said.textContent);
  }

  /** Shows a recipe's budget: one between two steps of the slider at the lower. */
  function set(budget) {
    const exact = TIMES.indexOf(budget?.time ?? null);
    input.value = !budget ? 0 : exact > 0 ? exact : Math.max(1, TIMES.findLastIndex((t) => t && seconds(t) <= seconds(budget.time || '10m')));
    say(budget?.time);
    if (budget?.until) fill(said, 'done by ' + new Date(budget.until).toLocaleString());
  }

  return {root: h('div.field', h('label', {for: 'budget'}, 'Time'), input, said), set};
}

const parts = (text) => [...text.matchAll(/(\d+)([dhms])/g)].map(([, n, unit]) => [Number(n), unit]);
const seconds = (text) => parts(text).reduce((sum, [n, unit]) => sum + n * {d: 86400, h: 3600, m: 60, s: 1}[unit], 0);
const words = (text) => parts(text).map(([n, unit]) => `${n} ${UNITS[unit] || 'day'}${n === 1 ? '' : 's'}`).join(' ');
