/** The dialog that lets a name serve a checkpoint. */
import {get, send} from './api.js';
import {h} from './dom.js';
import {curl, dialog} from './parts.js';

export async function serve(checkpoint, suggested) {
  const models = (await get('models?limit=100')).items.map((m) => m.name);
  const name = h('input', {type: 'text', id: 'model-name', list: 'model-names', required: true, maxlength: 64, value: suggested.toLowerCase().replace(/[^a-z0-9._-]+/g, '-').replace(/^[^a-z0-9]+/, '') || 'model'});
  dialog('Serve this checkpoint', [
    h('p', 'Under a name that exists, it takes over from one request to the next, and can be rolled back.'),
    h('div.field', h('label', {for: 'model-name'}, 'Model'), name), h('datalist', {id: 'model-names'}, models.map((m) => h('option', {value: m}))),
    curl('PUT', 'models/NAME', {checkpoint})],
  [['Serve', async () => {
    await send('PUT', 'models/' + encodeURIComponent(name.value), {checkpoint});
    location.hash = '#/model/' + encodeURIComponent(name.value);
  }, 'primary']]);
}
