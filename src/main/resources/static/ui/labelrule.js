/** The field that says where labels come from: a word, or a rule as JSON. */
import {h} from './dom.js';

/** An input with the usual rules to pick from. */
export function labelRule() {
  const rules = ['parent-folder', 'first-folder', '{"pattern": "^(?<label>.+)_\\\\d+\\\\.jpg$"}', '{"csv": "labels.csv"}'];
  const list = h('datalist', {id: 'label-rules'}, rules.map((value) => h('option', {value})));
  document.getElementById('label-rules')?.remove();
  document.body.append(list);
  return h('input', {id: 'labels', type: 'text', list: 'label-rules', placeholder: 'the folder of each picture', 'aria-label': 'Labels'});
}

/** What to send for it: nothing, the word, or the rule. */
export function parsed(text) {
  const rule = text.trim();
  return rule.startsWith('{') ? JSON.parse(rule) : rule || undefined;
}
