/** Elements from plain calls. Children are nodes or text and never markup, whatever names hold. */

/** `h('a.button', {href}, 'text')`: `on…` are listeners, `style` is an object, the rest attributes. */
export function h(tag, ...rest) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name || 'div');
  element.classList.add(...classes);
  const given = rest.length && isProps(rest[0]) ? rest.shift() : {};
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'style') for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else if (key === 'value' || key === 'checked') element[key] = value;
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  put(element, ...rest);
  return element;
}

const isProps = (x) => x != null && typeof x === 'object' && !(x instanceof Node) && !Array.isArray(x);

/** Puts children at the end; null and false are nothing. */
export function put(parent, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child != null && child !== false) parent.append(child);
  }
  return parent;
}

/** Makes these the only children. Equal text is left alone, so that a selection in it survives. */
export function fill(parent, ...children) {
  const flat = children.flat(Infinity).filter((c) => c != null && c !== false);
  const text = flat.every((c) => !(c instanceof Node)) ? flat.join('') : null;
  if (text !== null && parent.childElementCount === 0) {
    if (parent.textContent !== text) parent.textContent = text;
    return parent;
  }
  parent.replaceChildren();
  return put(parent, ...flat);
}

/**
 * Makes `parent` show `items`, one element each, kept by key: what has focus, is scrolled or open
 * stays so while lists change around it.
 */
export function keyed(parent, items, key, make, update = () => {}) {
  const had = new Map([...parent.children].map((e) => [e.dataset.key, e]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const k = String(key(item));
    let element = had.get(k);
    if (!element) {
      element = make(item);
      element.dataset.key = k;
    }
    had.delete(k);
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
    update(element, item);
  }
  had.forEach((e) => e.remove());
}

/** Says something to those who listen instead of looking. */
export function say(text) {
  document.getElementById('said').textContent = text;
}

/** Copies text and says so on the button. */
export function copyButton(text, label = 'copy') {
  const button = h('button.quiet', {type: 'button', onclick: async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = 'copied';
    setTimeout(() => { button.textContent = label; }, 1500);
  }}, label);
  return button;
}
