// Words of a provision, chosen or quoted. Positions count code points, as the server does.

const length = (text) => [...text].length;

// The stretch that a selection covers within one provision; null where there is none.
export function chosenStretch(selection) {
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const words = wordsAround(range.startContainer) ?? firstWordsIn(range);
  if (!words || !words.closest("[data-open]")) return null;
  const within = document.createRange();
  within.selectNodeContents(words);
  // A selection that runs on into the next provision is cut at this one's end.
  if (range.compareBoundaryPoints(Range.START_TO_START, within) > 0) {
    within.setStart(range.startContainer, range.startOffset);
  }
  if (range.compareBoundaryPoints(Range.END_TO_END, within) < 0) {
    within.setEnd(range.endContainer, range.endOffset);
  }
  const chosen = within.toString();
  const exact = chosen.trim();
  if (!exact) return null;
  const before = document.createRange();
  before.selectNodeContents(words);
  before.setEnd(within.startContainer, within.startOffset);
  const skipped = chosen.length - chosen.trimStart().length;
  const start = Number(words.dataset.start) + length(before.toString()) + skipped;
  return { ref: words.dataset.ref, start, end: start + length(exact), exact, range: within };
}

function wordsAround(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest(".text .words");
}

function firstWordsIn(range) {
  const root = range.commonAncestorContainer;
  if (root.nodeType !== Node.ELEMENT_NODE) return null;
  return [...root.querySelectorAll(".text .words")].find((words) => range.intersectsNode(words));
}

// The range of a stretch in the page; null where its text isn't there.
export function rangeOf(ref, start, end) {
  for (const words of document.querySelectorAll(".words")) {
    if (words.dataset.ref !== ref) continue;
    const offset = Number(words.dataset.start);
    const size = length(words.textContent);
    if (start < offset || end > offset + size) continue;
    const range = document.createRange();
    place(range, "setStart", words, start - offset);
    place(range, "setEnd", words, end - offset);
    return range;
  }
  return null;
}

function place(range, edge, words, position) {
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let left = position;
  let node = walker.nextNode();
  while (node && left > length(node.data)) {
    left -= length(node.data);
    node = walker.nextNode();
  }
  if (node) range[edge](node, [...node.data].slice(0, left).join("").length);
}

// Light up the words that a comment quotes; nothing without arguments.
export function lightUp(range = null) {
  if (!CSS.highlights) return;
  if (range) CSS.highlights.set("comment-words", new Highlight(range));
  else CSS.highlights.delete("comment-words");
}
