/** A training run: its curves as they grow, epochs, checkpoints, log and settings. */
import {get, send} from '../api.js';
import {fill, h, keyed, say} from '../dom.js';
import {bytes, clock, count, duration, fixed, longTime, number, percent, short, span, whole} from '../format.js';
import {action, alertBox, badge, confirm, curl, dialog, download, ENDED} from '../parts.js';
import {runCurves} from '../runcurves.js';
import {follow} from '../stream.js';
import {serve} from '../serve.js';
import {take} from '../weights.js';

export async function show(page, {id, signal, me, fail}) {
  let run = await get('runs/' + id, {signal});
  const [dataset, steps, epochs, checkpoints, lines] = await Promise.all([
    run.dataset ? get('datasets/' + run.dataset, {signal}).catch(() => null) : null,
    get('runs/' + id + '/steps?points=1000', {signal}), get('runs/' + id + '/epochs', {signal}), get('checkpoints?run=' + id, {signal}), get('runs/' + id + '/log', {signal})]);
  const curves = runCurves(run, dataset, steps, epochs);
  const head = h('div.head');
  const facts = h('div.facts');
  const meter = h('div.meter', {role: 'progressbar', 'aria-label': 'Progress of the run', 'aria-valuemin': 0, 'aria-valuemax': 100}, h('i'));
  const note = h('div');
  const live = h('span.state');
  const rows = h('tbody');
  const kept = h('tbody');
  const log = h('div.log', {tabindex: 0, 'aria-label': 'Log'});
  const logSection = h('section', {hidden: true}, h('h2', 'Log'), log);
  const charts = h('div.charts', curves.roots);
  const nothing = h('p.muted', 'Its curves begin with its first step.');
  const told = h('tbody');
  const logged = new Set();
  fill(page, h('div.crumb', h('a', {href: '#/runs'}, 'Runs'), dataset ? [' / ', h('a', {href: '#/dataset/' + dataset.id}, dataset.name)] : null),
    head, facts, meter, note, nothing, charts,
    h('div.two',
      h('section', h('h2', 'Epochs'), h('div.scroll.tall', {tabindex: 0, role: 'group', 'aria-label': 'Epochs'}, h('table', h('thead', h('tr', ['phase', 'epoch', 'train loss', 'valid loss', 'accuracy', 'learning rate', 'time', 'images/s'].map((t) => h('th.number', {scope: 'col'}, t)))), rows)),
        h('div.actions', h('button.quiet', {type: 'button', onclick: () => download('runs/' + id + '/epochs', run.name + '-epochs.csv', {Accept: 'text/csv'}).catch(alertBox)}, 'CSV'))),
      h('section', h('h2', 'Checkpoints'), h('table', kept), h('h2', 'What happened'), h('table', told))),
    logSection,
    h('details', h('summary', 'Recipe, as it was resolved'), h('pre', JSON.stringify(run.recipe || run.options, null, 2))),
    curl(['GET', 'runs/' + id], ['POST', 'runs/' + id + '/pause'], ['POST', 'runs/' + id + '/resume'], ['POST', 'runs/' + id + '/cancel']));

  function drawHead() {
    const over = ENDED.includes(run.state);
    const can = me.may('trainer');
    const now = run.state + run.name;
    if (head.dataset.now !== now) fill(head, h('h1', run.name), badge(run.state), live, h('div.actions',
      run.state === 'SUCCEEDED' ? h('a.button.primary', {href: run.kind === 'label-check' ? '#/labels/' + id : '#/evaluation/' + id}, run.kind === 'label-check' ? 'What it doubts' : 'Evaluation') : null,
      can && run.state === 'RUNNING' ? action('Pause', () => post('pause')) : null,
      can && run.state === 'PAUSED' ? action('Resume', () => post('resume'), {kind: 'primary'}) : null,
      can && !over ? h('button', {type: 'button', onclick: () => confirm('Cancel ' + run.name, h('p', 'It ends after its next step. Checkpoints that it has kept stay.'), 'Cancel the run', 'POST', 'runs/' + id + '/cancel', null, reload)}, 'Cancel…') : null,
      can ? [h('a.button', {href: '#/new?clone=' + id}, 'Clone…'), h('button', {type: 'button', onclick: edit}, 'Edit…')] : null,
      can && over ? action('Delete…', remove) : null));
    head.dataset.now = now; // a button in focus stays while steps come
    const p = run.progress;
    charts.hidden = !p;
    nothing.hidden = !charts.hidden || over;
    const eta = run.eta && span(run.eta.untilEnd);
    fill(facts,
      run.queuePosition ? fact('place in the queue', run.queuePosition) : null,
      run.eta?.untilStart && run.state === 'QUEUED' ? fact('starts in', span(run.eta.untilStart)) : null,
      p ? [fact('phase', p.phase + ' of ' + (run.recipe?.phases.length ?? 1)), fact('epoch', p.epoch + 1 + ' of ' + p.epochs), fact('step', whole(p.step) + ' of ' + whole(p.steps)), over ? null : fact('images/s', whole(p.imagesPerSecond))] : null,
      over ? fact('took', duration((new Date(run.endedAt) - new Date(run.startedAt || run.endedAt)) / 1000)) : p || eta ? fact('left', eta || duration(p.etaSeconds)) : null,
      run.bestEpoch ? fact('best', percent(run.bestEpoch.accuracy)) : null, run.ttaAccuracy ? fact('with test-time augmentation', percent(run.ttaAccuracy)) : null,
      run.device ? fact('on', run.device) : null, run.attempt > 1 ? fact('attempt', run.attempt + ' of ' + run.maxAttempts) : null,
      run.resumedFrom ? fact('resumed at step', whole(run.resumedFrom.step)) : null, fact(run.startedAt ? 'started' : 'submitted', clock(run.startedAt || run.createdAt)), [...run.tags].map((t) => h('span.tag', t)));
    const done = p ? (100 * p.step) / p.steps : 0;
    meter.hidden = over;
    meter.firstChild.style.width = done + '%';
    meter.setAttribute('aria-valuenow', Math.round(done));
    const noted = JSON.stringify([run.failure, run.warnings]);
    if (note.dataset.now !== noted) fill(note, run.failure ? h('div.problem', h('strong', run.failure.message), run.failure.fix ? h('p', run.failure.fix) : null, can ? h('a.button', {href: '#/new?clone=' + id}, 'Clone with other settings') : null) : null,
      run.warnings.length ? h('div.note', h('ul', run.warnings.map((w) => h('li', w)))) : null);
    note.dataset.now = noted;
    keyed(told, run.transitions, (t) => t.at + t.state, (t) => h('tr', h('td', badge(t.state)), h('td.grow', [t.reason, t.worker].filter(Boolean).join(', ')), h('td.number.muted', {title: longTime(t.at)}, clock(t.at))));
  }

  const fact = (name, value) => h('span', name + ' ', h('b', value));
  const post = (what) => send('POST', 'runs/' + id + '/' + what).then((r) => { run = r; drawHead(); });

  const checkpointsNow = async () => drawCheckpoints((await get('checkpoints?run=' + id, {signal})).items);

  async function reload() {
    run = await get('runs/' + id, {signal});
    drawHead();
    await checkpointsNow();
    if (ENDED.includes(run.state)) curves.whole(await get('runs/' + id + '/steps?points=1000', {signal}));
    say(run.name + ' is ' + run.state.toLowerCase());
  }

  function edit() {
    const name = h('input', {type: 'text', id: 'edit-name', maxlength: 200, value: run.name});
    const tags = h('input', {type: 'text', id: 'edit-tags', value: [...run.tags].join(', '), placeholder: 'separated by commas'});
    dialog('Edit ' + run.name, [h('div.field', h('label', {for: 'edit-name'}, 'Name'), name), h('div.field', h('label', {for: 'edit-tags'}, 'Tags'), tags)], [['Save', async () => {
      run = await send('PATCH', 'runs/' + id, {name: name.value.trim(), tags: tags.value.split(',').map((t) => t.trim()).filter(Boolean)});
      drawHead();
    }, 'primary']]);
  }

  async function remove() {
    const gone = await send('DELETE', 'runs/' + id + '?dryRun=true');
    confirm('Delete ' + run.name, h('p', count(gone.files, 'file') + ', ' + bytes(gone.bytes) + ', and everything that is known of it.'), 'Delete', 'DELETE', 'runs/' + id, null, () => { location.hash = '#/runs'; });
  }

  function drawEpochs() {
    const best = run.bestEpoch;
    keyed(rows, epochs, (e) => e.phase + '.' + e.epoch, (e) => h('tr', ...[e.phase, e.epoch + 1, fixed(e.trainLoss), fixed(e.validLoss), percent(e.accuracy) + (e.leaky ? ' ○ leaky' : ''), number(e.learningRate), duration(e.seconds), whole(e.imagesPerSecond)].map((v) => h('td.number', v))),
      (row, e) => row.classList.toggle('best', best?.phase === e.phase && best?.epoch === e.epoch));
  }

  function drawCheckpoints(items) {
    const top = Math.max(...items.map((c) => c.metrics?.accuracy ?? 0));
    if (!items.length) return fill(kept, h('tr', h('td.muted', 'The first comes with the first epoch.')));
    return keyed(kept, items, (c) => c.id, (c) => h('tr',
      h('td'), h('td.number', percent(c.metrics?.accuracy)), h('td', h('code', short(c.id))),
      h('td.number', h('div.actions', me.may('trainer') ? h('button', {type: 'button', onclick: () => serve(c.id, run.name)}, 'Serve…') : null,
        me.may('trainer') ? h('a.button.quiet', {href: '#/new?recipe=finetune&from=' + c.id, title: 'A run on other pictures that starts from these weights'}, 'Fine-tune…') : null,
        h('button.quiet', {type: 'button', title: 'As safetensors, ONNX or for the Hugging Face hub', onclick: () => take(c.id, run.name)}, 'weights ' + bytes(c.weights.bytes) + '…')))),
    (row, c) => fill(row.firstChild, c.metrics?.accuracy === top ? 'best' : 'epoch ' + (run.recipe?.phases.length > 1 ? c.origin.phase + '·' : '') + c.origin.epoch));
  }

  const heard = {
    step: (s) => { run.progress = {...s, etaSeconds: run.progress?.etaSeconds}; curves.step(s); drawHead(); },
    epoch: (e) => { if (epochs.some((had) => had.phase === e.phase && had.epoch === e.epoch)) return; epochs.push(e); if (e.accuracy != null && !(e.accuracy <= run.bestEpoch?.accuracy)) run.bestEpoch = e; curves.epoch(e); drawEpochs(); },
    state: () => void reload().catch(fail),
    checkpoint: () => void checkpointsNow().catch(fail),
    log: (l, at) => { if (logged.has(at + l.message)) return; logged.add(at + l.message); logSection.hidden = false; log.append(h('div', h('time', clock(at)), l.message)); log.scrollTop = log.scrollHeight; },
  };
  lines.forEach((line) => heard.log(line, line.at));
  drawHead();
  drawEpochs();
  drawCheckpoints(checkpoints.items);
  const state = (word) => { live.className = 'state ' + word; fill(live, h('i', '●'), word); live.hidden = word === 'ended'; };
  void follow(id, run.lastEvent ?? 0, signal, (e) => heard[e.type]?.(e.data, e.at), state).catch(fail);
}
