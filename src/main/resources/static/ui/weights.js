/** The dialogs that bring weights from elsewhere, a file or one of the public ones, and that take them away. */
import {ask, get, once, send} from './api.js';
import {fill, h, say} from './dom.js';
import {curl, dialog, download, field} from './parts.js';
import {serve} from './serve.js';

const number = (id, props) => h('input', {id, type: 'number', ...props});

/** With labels they can be served at once; without, a run starts from them. */
function then(checkpoint, name) {
  say('The weights are here');
  if (checkpoint.labels.length) return serve(checkpoint.id, name);
  location.hash = '#/new?recipe=finetune&from=' + checkpoint.id;
}

export async function upload() {
  const schema = await get('recipes/schema');
  const file = h('input', {id: 'weights', type: 'file', accept: '.safetensors,.pth,.pt,.bin'});
  const architecture = h('select', {id: 'architecture'}, schema.properties.architecture.enum.map((a) => h('option', {value: a, selected: a === 'xresnet50'}, a)));
  const labels = h('textarea', {id: 'labels', rows: 3});
  const size = number('size', {min: 32, max: 1024, value: 224});
  const share = number('share', {min: 0.1, max: 1, step: 'any'});
  const normalize = h('select', {id: 'normalize'}, ['imagenet', 'none'].map((n) => h('option', {value: n}, n)));
  dialog('Bring weights', [
    h('p.muted', 'Safetensors, or a .pth of learn.save or torch.save(model.state_dict()), by fastai’s names or those of timm’s resnet…d. A pickle of a whole learner (learn.export) is a program, and refused.'),
    field('File', file), field('Network', architecture, 'timm’s resnet50d is xresnet50.'),
    field('Labels', labels, 'One a line, in the order of the logits. None: the head is left out, and a run can start from the body.'),
    field('Side in pixels', size), field('Crop share', share, 'timm’s crop_pct; empty for fastai’s way.'), field('Normalised by', normalize),
    curl('POST', 'checkpoints', null, '-F weights=@model.safetensors -F manifest=\'{"architecture": "xresnet50", "size": 224}\'')],
  [['Bring them', async () => {
    if (!file.files[0]) throw new Error('Choose a file first.');
    const names = labels.value.split('\n').map((l) => l.trim()).filter(Boolean);
    const form = new FormData();
    form.append('weights', file.files[0]);
    form.append('manifest', JSON.stringify({architecture: architecture.value, labels: names.length ? names : undefined, size: Number(size.value), cropShare: Number(share.value) || undefined, normalize: normalize.value}));
    const answer = await ask('checkpoints', {method: 'POST', body: form, headers: once()});
    then(await answer.json(), file.files[0].name.replace(/\.\w+$/, ''));
  }, 'primary']]);
}

export async function catalog() {
  const {items} = await get('checkpoints/catalog');
  const headers = once();
  dialog('Public weights', [
    h('p.muted', 'ImageNet’s weights of timm, from huggingface.co, without their heads of a thousand labels: what a run on your own pictures starts from.'),
    h('div.scroll', h('table', h('tbody', items.map((w, i) => h('tr', h('td', h('label.check', h('input', {type: 'radio', name: 'weights', value: i, checked: i === 0}), h('strong', w.name))),
      h('td', w.architecture), h('td.muted', w.licence), h('td.muted', w.preprocessing.size + ' px')))))),
    curl('POST', 'checkpoints', items[0].request)],
  [['Download', async () => {
    const chosen = items[document.querySelector('[name=weights]:checked').value];
    then(await send('POST', 'checkpoints', chosen.request, {headers}), chosen.name);
  }, 'primary']]);
}

const FORMS = [['weights', '.safetensors', 'safetensors, by fastai’s names'], ['onnx', '.onnx', 'ONNX'], ['hub', '.zip', 'a folder for the Hugging Face hub, by timm’s names']];
const INSIDE = [['normalize', 'normalise inside: it takes pixels in 0 to 1'], ['resize', 'resize inside: it takes pictures of any size'], ['labels', 'answer the best label, too']];

/** Takes a checkpoint's weights away in the form that is chosen. */
export function take(checkpoint, name) {
  const form = h('select', {id: 'form'}, FORMS.map(([route, , what]) => h('option', {value: route}, what)));
  const inside = INSIDE.map(([option, what]) => [option, h('input', {type: 'checkbox', name: option}), what]);
  const options = h('div', {hidden: true}, inside.map(([, box, what]) => h('label.check', box, what)));
  const line = h('div');
  const path = () => 'checkpoints/' + checkpoint + '/' + form.value + (form.value === 'onnx' && inside.some(([, box]) => box.checked)
    ? '?' + inside.filter(([, box]) => box.checked).map(([option]) => option + '=true').join('&') : '');
  const draw = () => { options.hidden = form.value !== 'onnx'; fill(line, curl('GET', path())); };
  const body = h('div', {onchange: draw}, field('As', form), options, line);
  draw();
  dialog('Take weights', body, [['Download', () => download(path(), name + FORMS.find(([route]) => route === form.value)[1]), 'primary']]);
}
