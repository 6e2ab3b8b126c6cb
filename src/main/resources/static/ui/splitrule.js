/** The fields that say how a dataset is split: a word, and what must stay together. */
import {h} from './dom.js';

const SPLITS = {folders: 'by the folders train and val', random: 'a random fifth of each label validates'};

/** The fields, and what to send for them: nothing, of which `unsaid` tells what it means, the word, or both as an object. */
export function splitRule(unsaid = 'by folders where both exist, else at random') {
  const strategy = h('select', {id: 'split'}, Object.entries({'': unsaid, ...SPLITS}).map(([v, text]) => h('option', {value: v}, text)));
  const group = h('input', {id: 'group', type: 'text', placeholder: '^(?<group>[^_]+)_', title: 'A pattern whose group names what a picture belongs to, as a patient or a video: pictures of one never stand on both sides.'});
  const value = () => {
    const pattern = group.value.trim();
    return pattern ? {strategy: strategy.value || undefined, group: {pattern}} : strategy.value || undefined;
  };
  /** The same as the part of a form. */
  const part = () => (group.value.trim() ? JSON.stringify(value()) : value());
  return {strategy, group, value, part};
}
