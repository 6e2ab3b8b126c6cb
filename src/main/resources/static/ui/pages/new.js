/** A new run, or a clone: a form made from the recipes' schema, and what it would come to. */
import {get, once, send, sleep} from '../api.js';
import {budgetSlider} from '../budget.js';
import {fill, h} from '../dom.js';
import {count} from '../format.js';
import {fields} from '../form.js';
import {alertBox, empty, problem} from '../parts.js';
import {planView} from '../plan.js';
import {searchRates} from '../searchrates.js';

export async function show(page, {query, signal, me}) {
  const clone = query.get('clone');
  const may = me.may('trainer');
  const [schema, {items: presets}, {items: all}, original] = await Promise.all([
    get('recipes/schema', {signal}), get('recipes', {signal}), get('datasets?limit=200', {signal}), clone ? get('runs/' + clone, {signal}) : null]);
  const datasets = all.filter((d) => d.state === 'READY');
  if (!datasets.length) return fill(page, h('div.head', h('h1', 'New run')), empty('A run trains on a dataset, and there is none that is ready.', h('a.button.primary', {href: '#/datasets'}, 'Datasets')));
  const dataset = h('select', {id: 'dataset', onchange: () => check()}, datasets.map((d) => h('option', {value: d.id, selected: d.id === (query.get('dataset') || original?.dataset)}, `${d.name} (${count(d.pictures, 'picture')})`)));
  const recipe = h('select', {id: 'recipe', disabled: Boolean(clone), onchange: () => { state.overrides.clear(); preset(); }}, clone ? h('option', 'as ' + original.name) : presets.map((p) => h('option', {value: p.name, selected: p.name === (query.get('recipe') || 'fast')}, p.name)));
  const name = h('input', {id: 'name', type: 'text', maxlength: 80, placeholder: 'the recipe’s', value: query.get('name') ?? original?.name ?? '', onchange: () => check()});
  const tags = h('input', {id: 'tags', type: 'text', placeholder: 'separated by commas', value: query.get('tags') ?? [...(original?.tags || [])].join(', '), onchange: () => check()});
  const priority = h('input', {id: 'priority', type: 'number', min: -100, max: 100, value: query.get('priority') ?? original?.priority ?? 0, onchange: () => check()});
  const from = h('input', {id: 'from', type: 'text', disabled: Boolean(clone), placeholder: 'a checkpoint’s id; empty for nothing', value: original?.from ?? query.get('from') ?? '', onchange: () => check()});
  const budget = budgetSlider((value) => change('budget', value));
  const {budget: _, ...rest} = schema.properties;
  const about = h('p.muted');
  const form = h('div');
  const refused = h('div');
  const changes = h('p');
  const plan = planView();
  const state = {overrides: new Map(Object.entries(given(query))), errors: new Map(), watch: new Map(), base: null, change, now: (path) => at(changed(state.base, state.overrides), path)};
  let headers = once();
  let waiting = null;

  function preset() {
    const chosen = presets.find((p) => p.name === recipe.value);
    state.base = original ? original.recipe : chosen.recipe;
    state.watch.clear();
    fill(about, original ? 'Everything as that run had it, but for what you change.' : chosen.description || '');
    fill(form, fields({...schema, properties: rest}, changed(state.base, state.overrides), state));
    budget.set(state.now('budget'));
    check();
  }

  function change(path, value) {
    const before = at(state.base, path);
    if (JSON.stringify(before ?? null) === JSON.stringify(value)) state.overrides.delete(path);
    else state.overrides.set(path, value);
    check();
  }

  function body(extra) {
    const own = {...asked(state.overrides, extra), name: name.value.trim() || undefined, tags: tags.value.split(',').map((t) => t.trim()).filter(Boolean), priority: Number(priority.value) || undefined};
    return extra === 'clone' ? own : {dataset: dataset.value, recipe: original ? original.recipe : recipe.value, from: from.value.trim() || undefined, ...own};
  }

  /** What was chosen so far is in the address: a link leads here, and back finds it again. */
  function remember() {
    const {name: named, tags: tagged, priority: first} = body();
    const said = {dataset: dataset.value, ...(clone ? {clone} : {recipe: recipe.value}), from: clone ? undefined : from.value.trim(), name: named, tags: tagged.join(','), priority: first, changes: state.overrides.size ? JSON.stringify(Object.fromEntries(state.overrides)) : undefined};
    history.replaceState(history.state, '', '#/new?' + new URLSearchParams(Object.entries(said).filter(([, v]) => v)));
  }

  async function check() {
    if (signal.aborted) return;
    headers = once();
    remember();
    waiting?.abort();
    waiting = new AbortController();
    const mine = waiting.signal;
    const shown = [...state.overrides].filter(([k]) => k !== 'budget');
    fill(changes, shown.length ? [h('strong', 'Changed: '), shown.map(([k, v]) => h('span.tag', k + ' = ' + JSON.stringify(v)))] : '');
    if (!may) return;
    await sleep(400, mine);
    if (mine.aborted || signal.aborted) return;
    state.errors.clear();
    try {
      plan.show(await send('POST', 'runs/validate', body(), {signal: mine}), body());
      fill(refused);
    } catch (e) {
      if (e.name === 'AbortError') return;
      (e.errors || []).forEach((f) => state.errors.set(f.field.replace(/^(recipe|overrides)\./, ''), f.message));
      fill(refused, problem(e));
    }
    state.watch.forEach((look) => look());
  }

  const start = h('button.primary', {type: 'submit'}, clone ? 'Start the clone' : 'Start');
  const find = h('button', {type: 'button', title: 'Sweeps the rate over the first phase', onclick: async () => {
    try {
      const {dataset: d, recipe: r, overrides, from: start} = body();
      location.hash = '#/lr/' + (await send('POST', 'lr-finds', {dataset: d, recipe: r, overrides, from: start}, {headers})).id;
    } catch (e) { alertBox(e); }
  }}, 'Find the learning rate…');
  const search = h('button', {type: 'button', title: 'Tries rates against each other', onclick: () => searchRates(body())}, 'Search the learning rate…');
  fill(page, h('div.head', h('h1', clone ? 'Clone of ' + original.name : 'New run')),
    h('div.two', h('form', {onsubmit: async (e) => {
      e.preventDefault();
      start.disabled = true;
      try {
        location.hash = '#/run/' + (await send('POST', clone ? 'runs/' + clone + '/clone' : 'runs', body(clone && dataset.value === original.dataset ? 'clone' : ''), {headers})).id;
      } catch (problemOf) {
        fill(refused, problem(problemOf));
        start.disabled = false;
      }
    }},
    h('div.fields', {style: {'margin-bottom': '12px'}}, labelled('Dataset', 'dataset', dataset), labelled('Recipe', 'recipe', recipe), budget.root, labelled('Start from', 'from', from), labelled('Name', 'name', name), labelled('Tags', 'tags', tags), labelled('Priority', 'priority', priority)),
    about, changes, refused, may ? h('div.actions', {style: {margin: '0 0 16px'}}, start, find, search) : h('div.note', 'To start a run, and to see what it would come to, takes the role trainer.'), h('details', {open: Boolean(clone) || state.overrides.size > 0}, h('summary', 'Every setting of the recipe'), h('div', {style: {'margin-top': '14px'}}, form))), plan.root));
  preset();
}

/** What a request says of the changes: a budget has a field of its own, but for a clone. */
function asked(overrides, extra) {
  const {budget, ...others} = Object.fromEntries(overrides);
  const apart = budget?.time && extra !== 'clone';
  const said = apart ? others : Object.fromEntries(overrides);
  return {...(apart && {budget: budget.time}), ...(Object.keys(said).length && {overrides: said})};
}

/** The changes that an address asks for. */
function given(query) {
  const rate = Number(query.get('learningRate'));
  try {
    return {...JSON.parse(query.get('changes') || '{}'), ...(rate && {'phases[0].learningRate': rate})};
  } catch {
    return {};
  }
}

const at = (tree, path) => path.split(/[.[\]]+/).filter(Boolean).reduce((o, k) => o?.[k], tree);

/** A copy of a recipe with values put at their paths. */
function changed(recipe, overrides) {
  const copy = structuredClone(recipe);
  for (const [path, value] of overrides) {
    const keys = path.split(/[.[\]]+/).filter(Boolean);
    const holder = keys.slice(0, -1).reduce((o, k) => o?.[k], copy);
    if (holder) holder[keys.at(-1)] = structuredClone(value);
  }
  return copy;
}

const labelled = (text, id, input) => h('div.field', h('label', {for: id}, text), input);
