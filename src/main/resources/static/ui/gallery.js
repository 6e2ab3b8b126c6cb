/** Pictures in a grid, each opening large; arrow keys move among them, Esc goes back. */
import {get} from './api.js';
import {fill, h} from './dom.js';
import {dialog, picture} from './parts.js';

/** `items` are `{path, caption, title}`; captions are text or nodes, paths those of pictures of a dataset. */
export function gallery(items, size = 160) {
  const root = h('div.pictures', {onkeydown: (e) => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[e.key];
    const buttons = [...root.querySelectorAll('button')];
    const at = buttons.indexOf(e.target);
    if (step && at >= 0) {
      e.preventDefault();
      buttons[at + step]?.focus();
    }
  }});
  const add = (more) => more.forEach((item) => {
    items.includes(item) || items.push(item);
    root.append(h('figure', h('button', {type: 'button', 'aria-label': item.title, onclick: () => large(items, items.indexOf(item))}, picture(item.path + '?size=' + size, '')), h('figcaption', item.caption)));
  });
  add([...items]);
  return {root, add};
}

/** One picture over the page, with the ones beside it an arrow key away. */
function large(items, at) {
  const shown = h('div');
  const look = (next) => {
    if (!items[next]) return;
    at = next;
    const place = h('p.muted', '\u00a0');
    shown.replaceChildren(picture(items[at].path + '?size=1024', items[at].title, {class: 'large'}), h('p', items[at].title), place, h('p.muted', `${at + 1} of ${items.length} shown`));
    const [list, number] = items[at].path.split(/\/(?=\d+$)/);
    void get(list + '?limit=1&cursor=' + number).then(({items: [found]}) => fill(place, h('code', found.path), ` ${found.width} × ${found.height}`)).catch(() => place.remove());
  };
  const box = dialog('A picture', shown, []);
  box.classList.add('wide');
  box.addEventListener('keydown', (e) => {
    if (e.key === 'ArrowLeft') look(at - 1);
    if (e.key === 'ArrowRight') look(at + 1);
  });
  look(at);
}
