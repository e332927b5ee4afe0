// Hear of changes, and fetch them: by socket where it holds, by asking slowly where it doesn't.

import { changeInPlace, keepStill, wordsFor } from "./changing.js";
import { ask, commentsIn, load, panel, show } from "./panel.js";

const GONE = [4404, 4410];
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 60000;
const SETTLE = 250;
// So that a thousand pages that hear the same notice don't ask in the same moment.
const SPREAD = 750;
const TICK = 5000;
const ASK_WITH_SOCKET = 90000;
const ASK_WITHOUT_SOCKET = 15000;

export class Live {
  #root;
  #socket = null;
  #delay = FIRST_DELAY;
  #reconnecting = 0;
  #settling = 0;
  #asking = false;
  #askAgain = false;
  #asked = 0;
  #windows = null;
  #ended = false;
  #waiting = new Map();
  #fetched = { thread: null, sequence: 0 };

  constructor(root) {
    this.#root = root;
    this.#connect();
    this.pull();
    setInterval(() => this.#tick(), TICK);
    addEventListener("online", () => this.#wake());
    addEventListener("pageshow", (event) => event.persisted && this.#wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake());
  }

  #connect() {
    clearTimeout(this.#reconnecting);
    if (this.#ended || this.#socket) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.#root.dataset.socket}`);
    this.#socket = socket;
    socket.onopen = () => (this.#delay = FIRST_DELAY);
    // The first one says that no other will be missed: what came before it is fetched.
    socket.onmessage = () => this.#soon();
    socket.onclose = (event) => {
      this.#socket = null;
      if (GONE.includes(event.code)) {
        this.#end();
        return;
      }
      this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
      this.#reconnecting = setTimeout(() => this.#connect(), this.#delay * (0.5 + Math.random()));
    };
  }

  #wake() {
    this.#delay = FIRST_DELAY;
    this.#connect();
    this.pull();
  }

  #tick() {
    if (document.hidden || this.#ended) return;
    const open = this.#socket?.readyState === WebSocket.OPEN;
    if (Date.now() - this.#asked > (open ? ASK_WITH_SOCKET : ASK_WITHOUT_SOCKET)) this.pull();
  }

  #soon() {
    if (this.#settling) return;
    this.#settling = setTimeout(() => {
      this.#settling = 0;
      this.pull();
    }, SETTLE + Math.random() * SPREAD);
  }

  async pull() {
    if (this.#ended) return;
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    this.#asked = Date.now();
    try {
      const answer = await ask(this.#root.dataset.live);
      if (answer.status === 404) this.#end();
      if (answer.ok) await this.#take(await answer.json());
    } catch {
      // Asked again when the next notice or the next tick comes.
    } finally {
      this.#asking = false;
      if (this.#askAgain) {
        this.#askAgain = false;
        this.#soon();
      }
    }
  }

  async #take(state) {
    const now = JSON.stringify(state.windows);
    if (this.#windows !== null && this.#windows !== now) this.#showWindowBar();
    this.#windows ??= now;
    for (const link of document.querySelectorAll("[data-talk]")) {
      const thread = state.threads[link.dataset.talk];
      if (thread) link.querySelector("[data-count]").textContent = thread.comments;
    }
    const total = this.#root.querySelector("[data-total]");
    if (total) {
      const all = Object.values(state.threads).reduce((sum, thread) => sum + thread.comments, 0);
      total.textContent = all;
    }
    const shown = panel();
    const thread = shown && state.threads[shown.dataset.thread];
    if (!thread) return;
    await this.#catchUp(shown, thread.sequence);
    const heading = shown.querySelector("[data-comments]");
    if (heading) heading.textContent = thread.comments;
  }

  async #catchUp(shown, sequence) {
    if (this.#fetched.thread !== shown) {
      this.#fetched = { thread: shown, sequence: Number(shown.dataset.sequence) };
      this.#waiting.clear();
    }
    if (sequence <= this.#fetched.sequence) return;
    const answer = await ask(`${shown.dataset.address}?since=${this.#fetched.sequence}`);
    if (!answer.ok || panel() !== shown) return;
    this.#fetched.sequence = sequence;
    if (answer.status === 204) {
      shown.removeAttribute("data-whole");
      this.#waiting.set("", null);
    } else {
      const changes = commentsIn(await answer.text());
      keepStill(shown, () => this.#change(shown, changes));
    }
    this.#showBar(shown);
  }

  // What is read already changes where it stands; what is new waits.
  #change(shown, changes) {
    const said = [];
    for (const comment of changes) {
      const there = document.getElementById(comment.id);
      if (!there) {
        this.#waiting.set(comment.dataset.reference, comment);
        continue;
      }
      said.push(wordsFor(there, comment, shown.dataset));
      changeInPlace(there, comment);
    }
    const words = said.filter(Boolean);
    if (words.length) shown.querySelector("[data-told]").textContent = words.join(" ");
  }

  #showBar(shown) {
    const fresh = [...this.#waiting.keys()].filter((ref) => !document.getElementById(`c-${ref}`));
    const bar = shown.querySelector(".new-bar");
    if (!fresh.length) return;
    const words = fresh.length === 1 ? shown.dataset.one : shown.dataset.many;
    let button = bar.querySelector("button");
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet";
      button.addEventListener("click", () => this.#insert(shown));
      bar.append(button);
    }
    button.textContent = words.replace("%(count)s", fresh.length);
  }

  async #insert(shown) {
    if (!("whole" in shown.dataset)) {
      await load(`${shown.dataset.address}?order=newest`);
      panel()?.querySelector("#thread-heading").focus();
      return;
    }
    const list = shown.querySelector(".comments");
    let first = null;
    for (const comment of [...this.#waiting.values()].sort(byPath)) {
      const adopted = document.adoptNode(comment);
      if (document.getElementById(adopted.id)) continue;
      const next = [...list.children].find((other) => byPath(adopted, other) < 0);
      list.insertBefore(adopted, next ?? null);
      first ??= adopted;
    }
    this.#waiting.clear();
    shown.querySelector(".new-bar").replaceChildren();
    shown.querySelector("[data-empty]")?.remove();
    shown.dataset.sequence = this.#fetched.sequence;
    if (first) show(first);
  }

  #showWindowBar() {
    const bar = document.querySelector(".window-bar");
    if (!bar || bar.childElementCount) return;
    const words = document.createElement("span");
    const again = document.createElement("a");
    words.textContent = bar.dataset.words;
    again.href = location.href.split("#")[0];
    again.textContent = bar.dataset.reload;
    bar.append(words, again);
  }

  #end() {
    this.#ended = true;
    this.#socket?.close();
    this.#showWindowBar();
  }
}

const byPath = (one, other) => (one.dataset.path < other.dataset.path ? -1 : 1);
