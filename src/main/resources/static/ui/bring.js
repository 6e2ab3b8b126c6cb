/** The dialogs that bring a dataset: an archive, an address, a directory, the catalog, the sample. */
import {address, get, once, Problem, send} from './api.js';
import {fill, h, say} from './dom.js';
import {bytes} from './format.js';
import {key} from './key.js';
import {labelRule, parsed} from './labelrule.js';
import {alertBox, curl, dialog, field, showCommand} from './parts.js';
import {splitRule} from './splitrule.js';

const text = (id, props = {}) => h('input', {id, type: 'text', ...props});

export function bring(kind, then) {
  const ways = {upload, url, directory, catalog, sample};
  return Promise.resolve(ways[kind](then)).catch(alertBox);
}

async function made(body, then) {
  const dataset = await send('POST', 'datasets', body, {headers: once()});
  say(dataset.name + ' is being imported');
  await then();
}

export const SAMPLE = {name: 'shapes', source: {type: 'sample'}};
const sample = (then) => made(SAMPLE, then);

const url = (then) => sourced('A dataset from an address', 'An archive on a public https server, or a place in a bucket that onecycle.dataset.s3.roots allows; with a folder for each label.',
  'Address', text('url', {type: 'url', placeholder: 'https://…/pictures.tgz or s3://bucket/pictures'}), (at) => ({type: at.startsWith('s3:') ? 's3' : 'url', url: at}), then);

const directory = (then) => sourced('A dataset from a directory', 'A directory of the service’s machine, below what onecycle.dataset.roots allows.',
  'Directory', text('path', {placeholder: '/srv/pictures'}), (at) => ({type: 'directory', path: at}), then);

function sourced(title, hint, label, at, source, then) {
  const [name, how, rule] = [text('name'), splitRule(), labelRule()];
  const body = () => ({name: name.value || undefined, source: source(at.value.trim()), split: how.value(), labels: parsed(rule.value)});
  showCommand(dialog(title, [h('p.muted', hint), field(label, at), field('Name', name), field('Split', how.strategy), field('Keep together', how.group), field('Labels', rule)],
    [['Import', () => made(body(), then), 'primary']]), () => curl('POST', 'datasets', body()));
}

async function catalog(then) {
  const {items} = await get('datasets/catalog');
  const body = () => {
    const {name, source} = items[document.querySelector('[name=entry]:checked').value];
    return {name, source};
  };
  const box = dialog('Public datasets', h('table', h('tbody', items.map((entry, i) => h('tr', h('td', h('label.check', h('input', {type: 'radio', name: 'entry', value: i, checked: i === 0}), h('strong', entry.name))), h('td.muted', entry.description))))),
    [['Import', () => made(body(), then), 'primary']]);
  showCommand(box, () => curl('POST', 'datasets', body()));
}

function upload(then) {
  const file = h('input', {id: 'archive', type: 'file', accept: '.zip,.tar,.tgz,.gz,.xz,.bz2', onchange: () => { if (!name.value && file.files[0]) name.value = file.files[0].name.replace(/\.(tar\.\w+|\w+)$/, ''); }});
  const [name, how, rule] = [text('name'), splitRule(), labelRule()];
  const meter = h('div.meter', {hidden: true, role: 'progressbar', 'aria-label': 'Upload', 'aria-valuemin': 0, 'aria-valuemax': 100}, h('i'));
  const told = h('p.muted', {'aria-live': 'polite'});
  let request = null;
  const box = dialog('Upload pictures', [h('p.muted', 'A zip or tar archive with a folder for each label; below train/ and val/ where it is split already.'), field('Archive', file), field('Name', name), field('Split', how.strategy), field('Keep together', how.group), field('Labels', rule), meter, told,
    curl('POST', 'datasets', null, '-F archive=@pictures.tgz -F name=pictures')], [['Upload', () => {
    if (!file.files[0]) throw new Error('Choose an archive first.');
    const form = new FormData();
    form.append('archive', file.files[0]);
    if (name.value.trim()) form.append('name', name.value.trim());
    if (how.part()) form.append('split', how.part());
    if (rule.value.trim()) form.append('labels', rule.value.trim());
    return sent(form).then(then);
  }, 'primary']]);
  box.addEventListener('close', () => request?.abort());

  /** With XMLHttpRequest: fetch does not tell how much of a body is sent. */
  function sent(form) {
    return new Promise((done, failed) => {
      request = new XMLHttpRequest();
      request.open('POST', address('datasets'));
      if (key()) request.setRequestHeader('Authorization', 'Bearer ' + key());
      request.setRequestHeader('Idempotency-Key', once()['Idempotency-Key']);
      meter.hidden = false;
      request.upload.onprogress = (e) => {
        const share = e.total ? e.loaded / e.total : 0;
        meter.firstChild.style.width = 100 * share + '%';
        meter.setAttribute('aria-valuenow', Math.round(100 * share));
        fill(told, share < 1 ? bytes(e.loaded) + ' of ' + bytes(e.total) : 'Sent; the service looks at it.');
      };
      request.onerror = () => failed(new TypeError('no answer'));
      request.onload = () => {
        const body = JSON.parse(request.responseText || '{}');
        if (request.status < 300) done(body);
        else failed(new Problem(request.status, body, Number(request.getResponseHeader('Retry-After')) || null));
      };
      request.send(form);
    });
  }
}
