/** What a check of labels doubts, picture by picture: right, the proposal, or out; undone as easily. */
import {get, once, poll, send} from '../api.js';
import {fill, h, say} from '../dom.js';
import {count, percent, whole} from '../format.js';
import {action, badge, curl, dialog, empty, ENDED, picture, SINGLE} from '../parts.js';

const PART = 100;
const WHY = {duplicate: 'the same picture stands under both labels', confident: 'the network is confident', unsure: 'the network is unsure', none: 'the network agrees with its label'};
const DONE = {keep: 'right', relabel: 'relabelled', drop: 'dropped'};

export async function show(page, {id, signal, me, fail}) {
  let run = await get('runs/' + id, {signal});
  const dataset = await get('datasets/' + run.dataset, {signal});
  const crumb = h('div.crumb', h('a', {href: '#/datasets'}, 'Datasets'), ' / ', h('a', {href: '#/dataset/' + dataset.id}, dataset.name));
  if (run.state === 'SUCCEEDED') return triage(page, {run, dataset, crumb, signal, me});
  fill(page, crumb, h('div.head', h('h1', 'Labels of ' + dataset.name), badge(run.state)), empty(ENDED.includes(run.state) ? 'The check did not end.' : 'What it doubts comes when it has ended.', h('a.button', {href: '#/run/' + id}, ENDED.includes(run.state) ? 'Why' : 'Watch it')));
  if (ENDED.includes(run.state)) return null;
  void poll(signal, async () => {
    run = await get('runs/' + id, {signal});
    if (run.state === 'SUCCEEDED') await triage(page, {run, dataset, crumb, signal, me});
  }, () => (ENDED.includes(run.state) ? 1e9 : 2000)).catch(fail);
  return null;
}

async function triage(page, {run, dataset, crumb, signal, me}) {
  const found = await get('runs/' + run.id + '/label-check', {signal});
  const path = 'runs/' + run.id + '/label-check/pictures?limit=' + PART;
  const kept = 'onecycle-labels-' + run.id;
  const decided = JSON.parse(sessionStorage.getItem(kept) || '[]');
  const items = [];
  let cursor = '0';
  let at = 0;
  const shown = h('section.look');
  const list = h('section', {'aria-live': 'polite'});

  async function more() {
    const part = await get(path + '&cursor=' + cursor, {signal});
    items.push(...part.items);
    cursor = part.nextCursor;
  }

  /** Pictures that were decided on before stay decided when the page is opened again. */
  async function next() {
    const had = new Set(decided.map((d) => d.picture));
    while (at < items.length && had.has(items[at].picture)) at++;
    if (at >= items.length && cursor) {
      await more();
      await next();
    }
  }

  async function decide(verb) {
    const item = items[at];
    if (!item || shown.dataset.busy) return;
    shown.dataset.busy = 'yes';
    decided.push({picture: item.picture, action: verb, ...(verb === 'relabel' ? {label: item.likely} : {}), was: item.label, image: item.image});
    say(item.label + ' ' + DONE[verb]);
    await go();
  }

  async function undo() {
    const last = decided.pop();
    if (!last) return;
    at = Math.max(0, items.findIndex((i) => i.picture === last.picture));
    say('Undone');
    await go();
  }

  async function go() {
    try {
      sessionStorage.setItem(kept, JSON.stringify(decided));
      await next();
      draw();
    } finally {
      delete shown.dataset.busy;
    }
  }

  const image = (item) => item.image.replace('/api/v1/', '');
  const key = (k, text, does, kind) => h('button', {type: 'button', class: kind || '', 'data-key': k, onclick: does}, h('kbd', k), ' ', text);

  function draw() {
    const item = items[at];
    const can = me.may('trainer');
    fill(shown, item ? [
      h('div.frame', picture(image(item) + '?size=512', 'labelled ' + item.label, {class: 'large'})),
      h('p.labels', h('bdi', item.label), ' → ', h('b', h('bdi', item.likely)), h('span.muted', ' ' + WHY[item.reason])),
      h('p.muted', `${percent(item.labelProbability)} ${item.label}, ${percent(item.likelyProbability)} ${item.likely} · place ${whole(item.place + 1)} of the list, picture ${item.picture}`),
      can ? h('div.actions', key('1', 'Right', () => decide('keep')), key('2', ['It is ', h('bdi', item.likely)], () => decide('relabel'), 'primary'), key('3', 'Drop it', () => decide('drop')), key('u', 'Undo', undo, 'quiet')) : null,
    ] : [empty('That was the whole list.'), can && decided.length ? key('u', 'Undo', undo, 'quiet') : null]);
    fill(list, h('h2', count(decided.length, 'decision')), decided.length && can ? h('div.actions', action('Keep as a new version…', save, {kind: 'primary'})) : h('p.muted', 'None yet. Nothing changes before they are kept as a new version of the dataset.'),
      h('div.pictures', decided.slice(-12).reverse().map((d) => h('figure', picture(image(d) + '?size=96', ''), h('figcaption', h('bdi', d.was), d.action === 'relabel' ? [' → ', h('b', h('bdi', d.label))] : ' ' + DONE[d.action])))));
  }

  async function save() {
    const headers = once();
    const reason = h('input', {type: 'text', id: 'reason', maxlength: 1000, value: 'triage of ' + count(decided.length, 'picture')});
    const body = () => ({reason: reason.value, edits: decided.map((d) => ({picture: d.picture, action: d.action, ...(d.label ? {label: d.label} : {})}))});
    dialog('A new version of ' + dataset.name, [h('p', summary(decided) + ' This version stays as it is.'), h('div.field', h('label', {for: 'reason'}, 'Reason'), reason)], [['Keep', async () => {
      const made = await send('PATCH', 'datasets/' + dataset.id + '/labels', body(), {headers});
      sessionStorage.removeItem(kept);
      say('Version ' + made.version + ' is made');
      location.hash = '#/dataset/' + made.id;
    }, 'primary']]);
  }

  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || localStorage.getItem(SINGLE) === 'off' || /INPUT|SELECT|TEXTAREA/.test(e.target.tagName) || document.querySelector('dialog[open]')) return;
    shown.querySelector(`[data-key="${e.key === 'Backspace' ? 'u' : e.key}"]`)?.click();
  }, {signal});

  await next();
  draw();
  const tile = (value, text) => h('div.tile', h('b', value), h('span', text));
  fill(page, crumb, h('div.head', h('h1', 'Labels of ' + dataset.name), h('span.muted', 'version ' + dataset.version)),
    h('div.tiles', tile('≈ ' + whole(Math.round(found.wrong)), 'of ' + count(found.pictures, 'label') + ' are wrong'), tile(percent(found.agreement), 'of them the networks agree with'), tile(whole(found.duplicates), 'pictures under two labels'), found.confirmed ? tile(whole(found.confirmed), 'were looked at before') : null),
    h('div.two', shown, h('div', list, estimates(found.labels))), curl(['GET', path], ['PATCH', 'datasets/' + dataset.id + '/labels', {reason: '…', edits: [{picture: 0, action: 'keep'}]}]));
}

const summary = (decided) => Object.entries({relabel: 'relabelled', drop: 'dropped', keep: 'confirmed'}).map(([verb, text]) => [decided.filter((d) => d.action === verb).length, text]).filter(([n]) => n).map(([n, text]) => n + ' ' + text).join(', ') + '.';

function estimates(labels) {
  const worst = labels.filter((l) => l.wrong >= 0.5).sort((a, b) => b.wrong - a.wrong).slice(0, 20);
  if (!worst.length) return null;
  return h('section', h('h2', 'Wrong by label, as estimated'), h('div.scroll', h('table', h('thead', h('tr', h('th', {scope: 'col'}, 'label'), h('th.number', {scope: 'col'}, 'wrong'), h('th.number', {scope: 'col'}, 'of'), h('th', {scope: 'col'}, 'mostly'))),
    h('tbody', worst.map((l) => h('tr', h('td.name', h('bdi', l.label)), h('td.number', whole(Math.round(l.wrong))), h('td.number', whole(l.pictures)), h('td', l.mostOften ? h('bdi', l.mostOften) : '')))))));
}
