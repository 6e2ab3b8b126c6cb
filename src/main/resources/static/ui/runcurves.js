/** The three charts of a training run: loss, schedule, accuracy, over one cursor. */
import {upright} from './axis.js';
import {chart} from './chart.js';
import {fixed, percent} from './format.js';

/**
 * Curves over the steps of the whole run. `steps` are at most a thousand stretches, as the service
 * gives them; `step` and `epoch` add to them and ignore what is already there.
 */
export function runCurves(run, dataset, steps, epochs) {
  const column = (s) => [s.lastStep, s.minLoss, s.maxLoss, s.trainLoss, s.learningRate, s.momentum, s.loss];
  const points = steps.map(column);
  const endOf = epochEnds(run, dataset);
  const leaky = run.recipe?.split === 'redraw-each-phase';
  let step = points.length ? points.at(-1)[0] : 0;
  const ends = epochs.map((e, i) => [endOf(e) ?? Math.round((step / epochs.length) * (i + 1)), e]);
  const marks = (u) => ends.forEach(([at, e], i) => ends[i + 1]?.[1].phase > e.phase && upright(u, at, '--edge', 'phase ' + (e.phase + 1)));
  const loss = chart('Loss', [
    {label: 'highest', width: 0}, {label: 'lowest', width: 0, band: [1, 2], colour: '--band'},
    {label: 'batch', colour: '--raw', width: 1}, {label: 'train', colour: '--s1'}, {label: 'valid', colour: '--s2', points: true, dash: 1}], {sync: 'run', marks, digits: (v) => (v == null ? '' : fixed(v, 2))});
  const rate = chart('Learning rate', [{label: 'rate', colour: '--s1'}, {label: 'momentum', colour: '--s4', scale: 'right', dash: 1, format: (v) => (v == null ? '' : fixed(v, 2))}], {sync: 'run', marks});
  const accuracy = chart('Accuracy', [{label: 'valid', colour: '--s3', points: true}, ...(leaky ? [{label: 'leaky', colour: '--s2', points: true, dash: 2}] : [])], {sync: 'run', marks, shares: true, digits: (v) => (v == null ? '' : percent(v))});

  function draw() {
    const valid = points.map(() => null);
    for (const [at, e] of ends.filter(([, epoch]) => epoch.validLoss != null)) {
      const place = points.findIndex((p) => p[0] >= at);
      if (place >= 0) valid[place] = e.validLoss;
      else if (points.length) valid[points.length - 1] = e.validLoss;
    }
    const all = (i) => points.map((p) => p[i]);
    loss.set([all(0), all(2), all(1), all(6), all(3), valid]);
    rate.set([all(0), all(4), all(5)]);
    const seen = ends.filter(([, e]) => e.accuracy != null);
    accuracy.set([seen.map(([at]) => at), seen.map(([, e]) => (e.leaky ? null : e.accuracy)), ...(leaky ? [seen.map(([, e]) => (e.leaky ? e.accuracy : null))] : [])]);
  }
  draw();
  return {
    /** Takes the service's stretches for what was heard, which is a step every half second. */
    whole(stretches) {
      points.splice(0, points.length, ...stretches.map(column));
      draw();
    },
    roots: [loss.root, rate.root, accuracy.root],
    step(s) {
      if (s.step <= step || s.loss == null) return;
      step = s.step;
      points.push([s.step, s.batchLoss, s.batchLoss, s.loss, s.learningRate, s.momentum, s.batchLoss]);
      draw();
    },
    epoch(e) {
      if (ends.some(([, had]) => had.phase === e.phase && had.epoch === e.epoch)) return;
      ends.push([endOf(e) ?? step, e]);
      draw();
    },
  };
}

/** Where an epoch ends, in steps of the run, where its recipe tells; else null. */
function epochEnds(run, dataset) {
  const train = (dataset?.labels || []).reduce((n, label) => n + label.train, 0);
  const each = (run.recipe?.phases || []).map((p) => (p.plan?.length ? p.plan : [{batchSize: p.batchSize, epochs: p.epochs + (p.policy === 'fine-tune' ? p.freezeEpochs : 0)}])
    .map((part) => ({steps: Math.max(1, Math.floor(train / part.batchSize)), epochs: part.epochs})));
  const upTo = (parts, epochs) => parts.reduce(([n, left], part) => [n + part.steps * Math.min(left, part.epochs), Math.max(0, left - part.epochs)], [0, epochs])[0];
  const whole = (phases) => phases.reduce((n, parts) => n + upTo(parts, Infinity), 0);
  const all = whole(each);
  return ({phase, epoch}) => (run.progress?.steps !== all ? null : whole(each.slice(0, phase - 1)) + upTo(each[phase - 1], epoch + 1));
}
