/** The API key: typed once, kept for this tab, on this machine only if asked; never in an address. */
import {h} from './dom.js';

const NAME = 'onecycle-key';
let asking = null;

export const key = () => sessionStorage.getItem(NAME) || localStorage.getItem(NAME);

export function forgetKey() {
  sessionStorage.removeItem(NAME);
  localStorage.removeItem(NAME);
}

/** Opens the dialog over the page, which stays as it is; resolves when a key was given. */
export function askForKey(problem) {
  asking ??= new Promise((given) => {
    const input = h('input', {type: 'password', id: 'key', autocomplete: 'current-password', required: true, 'aria-describedby': 'key-why'});
    const keep = h('input', {type: 'checkbox', id: 'key-keep'});
    const dialog = h('dialog.key', {'aria-labelledby': 'key-title', oncancel: (e) => e.preventDefault()},
      h('form', {method: 'dialog', onsubmit: () => {
        forgetKey();
        (keep.checked ? localStorage : sessionStorage).setItem(NAME, input.value.trim());
        dialog.remove();
        asking = null;
        given();
      }},
      h('h2', {id: 'key-title'}, 'This service takes a key'),
      h('p.muted', {id: 'key-why'}, key() ? problem.message + '.' : 'Whoever runs it can make one with ', key() ? '' : h('code', 'bin/onecycle new-key'), key() ? '' : '.'),
      h('label', {for: 'key'}, 'API key'), input,
      h('label.check', keep, ' Remember it on this machine'),
      h('div.actions', h('button.primary', 'Open'))));
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
  });
  return asking;
}
