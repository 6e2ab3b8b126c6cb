/** One dataset: its pictures, its audit, and what augmentation makes of it. */
import {get, once, poll, send} from '../api.js';
import {fill, h} from '../dom.js';
import {bytes, clock, count, whole} from '../format.js';
import {action, badge, confirm, curl, dialog, field, showCommand} from '../parts.js';
import {browse} from '../browse.js';
import {audit} from '../audit.js';
import {labelRule, parsed} from '../labelrule.js';
import {splitRule} from '../splitrule.js';
import {augmentation} from '../augmentation.js';
import {versions} from '../versions.js';
import {progress} from './datasets.js';

const TABS = {pictures: 'Pictures', audit: 'Audit', augmentation: 'Augmentation', versions: 'Versions'};

export async function show(page, {id, query, signal, me, fail}) {
  let dataset = await get('datasets/' + id, {signal});
  const tab = TABS[query.get('tab')] ? query.get('tab') : 'pictures';
  const head = h('div.head');
  const facts = h('div.facts');
  const labels = h('div');
  const body = h('div');
  fill(page, h('div.crumb', h('a', {href: '#/datasets'}, 'Datasets')), head, facts, labels, body, curl('GET', 'datasets/' + id));
  draw();
  if (dataset.state === 'READY') await content();
  else if (dataset.state === 'IMPORTING') {
    void poll(signal, async () => {
      dataset = await get('datasets/' + id, {signal});
      draw();
      if (dataset.state === 'READY') await content();
    }, () => (dataset.state === 'IMPORTING' ? 1000 : 1e9)).catch(fail);
  }

  function draw() {
    const can = me.may('trainer');
    fill(head, h('h1', dataset.name), badge(dataset.state), h('div.actions', can && dataset.state === 'READY' ? h('a.button.primary', {href: '#/new?dataset=' + id}, 'Train…') : null,
      can && dataset.state === 'READY' ? h('button', {type: 'button', onclick: check}, 'Check labels…') : null,
      can ? [h('button', {type: 'button', onclick: rename}, 'Rename…'), (dataset.layout || dataset.state === 'READY') && dataset.version === 1 ? h('button', {type: 'button', onclick: reread}, 'Read labels anew…') : null, action('Delete…', remove)] : null));
    fill(facts, dataset.pictures ? [h('span', h('b', whole(dataset.pictures)), ' pictures'), h('span', h('b', dataset.labels.length), ' labels'), h('span', 'mean ', h('b', dataset.mean.map((m) => m.toFixed(3)).join(' '))), h('span', 'deviation ', h('b', dataset.std.map((m) => m.toFixed(3)).join(' '))), h('span', 'split ', h('b', dataset.split.strategy)), dataset.version > 1 ? h('span', 'version ', h('b', dataset.version)) : null] : h('span', progress(dataset.progress)), h('span', 'since ', h('b', clock(dataset.createdAt))));
    const told = dataset.layout?.warnings || [];
    fill(labels, dataset.failure ? h('div.problem', h('strong', dataset.failure.message), h('p', dataset.failure.fix || '')) : null,
      told.length ? h('details', {open: told.length < 4}, h('summary', '⚠ ' + count(told.length, 'remark') + ' on how its folders were understood'), h('ul', told.map((text) => h('li', h('bdi', text))))) : null);
  }

  async function content() {
    const tabs = h('div.filters', {role: 'navigation', 'aria-label': 'Parts of the dataset'}, Object.entries(TABS).map(([key, text]) => h('a.quiet', {href: '#/dataset/' + id + '?tab=' + key, 'aria-current': key === tab && 'page'}, text)));
    fill(body, tabs, await {pictures: () => browse(dataset, query, signal), audit: () => audit(dataset, signal), augmentation: () => augmentation(dataset, query, signal), versions: () => versions(dataset, signal)}[tab]());
  }

  function check() {
    const headers = once();
    const path = 'datasets/' + id + '/label-checks';
    dialog('Check the labels of ' + dataset.name, [h('p', 'A small network is trained four times, each time without a quarter of the pictures, and asked about these. Where it is sure of another label, the label is doubted.'), curl('POST', path, {})], [['Check', async () => {
      const run = await send('POST', path, {}, {headers});
      location.hash = '#/labels/' + run.id;
    }, 'primary']]);
  }

  function rename() {
    const name = h('input', {type: 'text', value: dataset.name, maxlength: 200, 'aria-label': 'Name'});
    dialog('Rename ' + dataset.name, name, [['Rename', async () => { dataset = await send('PATCH', 'datasets/' + id, {name: name.value}); draw(); }, 'primary']]);
  }

  /** By another rule, or by a table that was not in the archive. */
  function reread() {
    const rule = labelRule();
    const how = splitRule('as it is');
    const table = h('input', {id: 'table', type: 'file', accept: '.csv,.tsv,.txt'});
    const path = 'datasets/' + id;
    const wanted = () => ({labels: parsed(rule.value) || (how.value() || table.files[0] ? undefined : 'parent-folder'), split: how.value()});
    showCommand(dialog('Labels of ' + dataset.name, [field('Labels', rule), field('Table', table), field('Split', how.strategy), field('Keep together', how.group)], [['Read anew', async () => {
      dataset = await send('PATCH', path, table.files[0] ? form(table.files[0], rule.value.trim(), how.part()) : wanted());
      draw();
      await content();
    }, 'primary']]), () => (table.files[0] ? curl('PATCH', path, null, '-F csv=@labels.csv') : curl('PATCH', path, wanted())));
  }

  function form(csv, labels, split) {
    const parts = new FormData();
    Object.entries({csv, labels, split}).forEach(([name, value]) => value && parts.append(name, value));
    return parts;
  }

  async function remove() {
    const gone = await send('DELETE', 'datasets/' + id + '?dryRun=true');
    confirm('Delete ' + dataset.name, h('p', count(gone.pictures, 'picture') + ' in ' + count(gone.files, 'file') + ', ' + bytes(gone.bytes) + '.'), 'Delete', 'DELETE', 'datasets/' + id, null, () => { location.hash = '#/datasets'; });
  }
}
