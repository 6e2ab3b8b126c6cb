/** A form made from a JSON Schema: one field a leaf, its limits, meaning and default from there. */
import {fill, h} from './dom.js';
import {number} from './format.js';

/**
 * Fields for `value` by `schema`. `changed(path, value)` hears every change; `state` has
 * `overrides` (a Map by path), `errors` (a Map by path) and `now(path)` (a value with its changes).
 */
export function fields(schema, value, state, path = '') {
  const simple = [];
  const groups = [];
  for (const [name, property] of Object.entries(schema.properties)) {
    const at = path ? path + '.' + name : name;
    const here = value?.[name];
    const kind = kindOf(property);
    if (kind === 'object') groups.push(group(name, property, here, state, at));
    else if (kind === 'list') groups.push(list(name, property, here || [], state, at));
    else simple.push(field(name, property, here, state, at));
  }
  return [h('div.fields', simple), groups];
}

function kindOf(property) {
  if (property.properties) return 'object';
  return property.type === 'array' && property.items.properties ? 'list' : 'leaf';
}

/** Entries that can be added and taken away, within what the schema allows. */
function list(name, property, value, state, at) {
  const root = h('div');
  const one = words(name).replace(/s$/, '');
  function set(items) {
    for (const key of [...state.overrides.keys()]) if (key.startsWith(at + '[')) state.overrides.delete(key);
    state.change(at, items);
    draw(items);
  }
  function draw(items) {
    const less = (i) => h('button.quiet', {type: 'button', onclick: () => set(state.now(at).filter((_, n) => n !== i))}, `Remove ${one.toLowerCase()} ${i + 1}`);
    const more = h('button.quiet', {type: 'button', title: property.description, onclick: () => set([...state.now(at), defaults(property.items)])}, 'Add to ' + words(name).toLowerCase());
    fill(root, items.map((item, i) => h('fieldset', h('legend', one + ' ' + (i + 1)), fields(property.items, item, state, `${at}[${i}]`), items.length > property.minItems ? less(i) : null)), items.length < property.maxItems ? more : null);
  }
  draw(value);
  return root;
}

/** A part of the recipe that may be absent, such as mixup, has a switch. */
function group(name, property, value, state, at) {
  const optional = Array.isArray(property.type) && property.type.includes('null');
  const body = h('div', value == null ? null : fields(property, value, state, at));
  const present = h('input', {type: 'checkbox', checked: value != null, onchange: () => {
    const given = present.checked ? defaults(property) : null;
    for (const key of [...state.overrides.keys()]) if (key.startsWith(at + '.')) state.overrides.delete(key);
    state.change(at, given);
    fill(body, given == null ? null : fields(property, given, state, at));
  }});
  return h('fieldset', h('legend', optional ? h('label.check', present, words(name)) : words(name)), property.description ? h('p.muted', property.description) : null, body);
}

const defaults = (schema) => Object.fromEntries(Object.entries(schema.properties).map(([k, p]) => [k, p.properties ? defaults(p) : p.default]));

function field(name, property, value, state, at) {
  const id = 'f-' + at.replace(/\W+/g, '-');
  const type = [property.type].flat()[0];
  const wrong = h('small.wrong', {id: id + '-wrong'});
  const props = {id, 'aria-describedby': id + '-text ' + id + '-wrong', 'data-path': at, onchange: (e) => state.change(at, read(e.target, type))};
  let input;
  if (property.enum) input = h('select', props, property.enum.map((v) => h('option', {value: v, selected: v === value}, v)));
  else if (type === 'boolean') input = h('input', {...props, type: 'checkbox', checked: Boolean(value)});
  else if (type === 'array') input = h('input', {...props, type: 'text', value: (value || []).join(', ')});
  else input = h('input', {...props, type: 'text', inputmode: 'decimal', value: value ?? '', placeholder: value == null ? 'none' : ''});
  const box = h('div.field', h('label', {for: id}, words(name)), input, h('small', {id: id + '-text'}, [property.description, limits(property)].filter(Boolean).join('; ')), wrong);
  state.watch.set(at, () => {
    box.classList.toggle('changed', state.overrides.has(at));
    const error = state.errors.get(at);
    fill(wrong, error || '');
    if (error) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  });
  return box;
}

function limits({minimum, maximum}) {
  if (minimum != null && maximum != null) return `${number(minimum)} to ${number(maximum)}`;
  return minimum != null ? 'at least ' + number(minimum) : maximum != null ? 'at most ' + number(maximum) : '';
}

/** What the input says; text that is no number goes to the service as it is, which says what is wrong. */
function read(input, type) {
  if (type === 'boolean') return input.checked;
  const text = input.value.trim();
  const parsed = (t) => (t !== '' && Number.isFinite(Number(t)) ? Number(t) : t);
  if (type === 'array') return text.split(/[\s,]+/).filter(Boolean).map(parsed);
  if (type === 'string') return text;
  return text === '' ? null : parsed(text);
}

const words = (name) => {
  const text = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  return ['tta', 'ema'].includes(text) ? text.toUpperCase() : text[0].toUpperCase() + text.slice(1);
};
