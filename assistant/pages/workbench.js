// The workbench: the form as paper beside the remarks on it. Choosing a remark shows its cell, choosing a cell its
// remarks; decisions and corrections go to the page as events. Every text is set as text, never as markup.
//
// Three promises. A redraw touches no field that has the focus: what the page answers, whenever it comes, is drawn around
// it. An event waits, and says 未保存, until the page says that the database has it; it is sent again until then, and
// outlives a reload. What a person wrote is kept in the browser until it has been decided on, whatever else happens.

const SIGNS = { error: "✕", warning: "?", advice: "✎" };
const SEVERITIES = ["error", "warning", "advice"];
const SEND_AGAIN_MS = 2000;
const SEND_AGAIN_MOST_MS = 15000;
const WAITS_LONG_MS = 1500; // until then a wait is the ordinary one for the page's answer

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".bench");
  root.bench ??= new Bench(root);
  root.bench.hand = (events) => setTriggerValue("events", events);
  root.bench.update(data);
}

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// What the browser keeps of a form until the tab is closed, under a name.
const store = {
  get: (name) => JSON.parse(sessionStorage.getItem(name)),
  put: (name, value) => sessionStorage.setItem(name, JSON.stringify(value)),
  drop: (name) => sessionStorage.removeItem(name),
};

const isField = (node) => Boolean(node?.matches?.("textarea, input, select, [contenteditable]"));

// The keys of an input method are its own: they neither decide nor close anything.
const composes = (event) => event.isComposing || event.keyCode === 229;

class Bench {
  constructor(root) {
    this.root = root;
    this.pending = []; // events the page has not confirmed yet
    this.selected = null; // key of the chosen remark
    this.cell = null; // id of the chosen cell, which filters the remarks
    this.severity = null;
    this.tab = "remarks";
    this.editing = null; // id of the cell being corrected
    this.last = null; // key of the remark decided last, which an undo takes back
    this.notice = null; // what a key did, or what another window was quicker with
    this.others = {}; // by key of a remark: that another window decided first
    this.paper = h("div", { class: "paper", tabindex: "0", role: "region" });
    this.tabs = h("div", { class: "tabs", role: "tablist" });
    this.told = h("div", { class: "told", role: "status" });
    this.body = h("div", { class: "list", role: "tabpanel", tabindex: "0" });
    this.side = h("div", { class: "side" }, this.tabs, this.told, this.body);
    root.append(this.paper, this.side);
    root.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("resize", () => this.fit());
    window.addEventListener("beforeunload", (event) => this.pending.length && event.preventDefault());
  }

  // The element that has the focus, here or anywhere below.
  get focused() {
    return this.root.getRootNode().activeElement;
  }

  // Whether somebody is writing in a field inside an element.
  writes(element) {
    return isField(this.focused) && element.contains(this.focused);
  }

  // The panes end where the window does, whatever stands above them.
  fit() {
    const main = this.root.getRootNode().host?.closest('[data-testid="stMain"]');
    const above = this.root.getBoundingClientRect().top + (main?.scrollTop ?? 0);
    this.root.style.setProperty("--above", `${Math.round(above)}px`);
  }

  update(data) {
    const other = this.data?.form !== data.form;
    const anew = this.data?.session !== data.session; // the page began anew: it knows nothing of what was sent before
    const before = JSON.stringify([this.data?.sheets, this.data?.missing]);
    this.data = data;
    this.w = data.words;
    if (other) Object.assign(this, { selected: null, last: null, cell: null, severity: null, editing: null, notice: null, others: {} });
    if (other) this.pending = store.get(this.slot("pending")) ?? [];
    const refused = this.confirm();
    this.remarks = data.remarks.map((remark) => this.foreseen(remark));
    this.paper.setAttribute("aria-label", this.w.paper);
    const stands = !refused.some((event) => event.kind === "correct"); // what the cells say by now
    if (other || !stands || before !== JSON.stringify([data.sheets, data.missing])) this.drawPaper();
    else this.mark();
    this.drawSide();
    if (anew && this.pending.length) this.send();
    if (other) this.reopen();
    requestAnimationFrame(() => this.fit());
  }

  // What the page has kept no longer waits. What it refused does not either: the person is told, and has their words back.
  confirm() {
    const said = new Map(this.data.refused.map((one) => [one.id, one.said]));
    const refused = this.pending.filter((event) => said.has(event.id));
    const waiting = this.pending.filter((event) => !said.has(event.id) && !this.data.done.includes(event.id));
    if (waiting.length < this.pending.length) this.wait = SEND_AGAIN_MS; // it answers
    this.pending = waiting;
    store.put(this.slot("pending"), waiting);
    for (const event of refused) this.giveBack(event, said.get(event.id));
    return refused;
  }

  giveBack(event, said) {
    if (event.kind === "correct") {
      const square = this.squares().find((one) => one.cells.some((cell) => cell.path === event.path));
      const cell = square?.cells.find((one) => one.path === event.path);
      if (cell) store.put(this.slot(event.path), event.text);
      this.notice = { text: `${said}${this.w.place_of.replace("{place}", cell?.label ?? "")}${this.w.words_kept}` };
      if (square && !this.editing) this.cell = square.id;
      return;
    }
    const remark = this.data.remarks.find((one) => one.key === event.key);
    if (event.action === "edit" && !store.get(this.slot(event.key))) store.put(this.slot(event.key), wording(event));
    this.others[event.key] = said;
    this.notice = { text: `${said}${this.w.place_of.replace("{place}", remark ? `${remark.rule} ${remark.place}` : "")}${remark?.said ? this.w.they_did + remark.said : ""}`, key: event.key };
  }

  // A decision shows at once, as one that waits; the page confirms it a moment later.
  foreseen(remark) {
    const event = this.pending.findLast((one) => one.key === remark.key);
    if (!event) return remark;
    if (event.kind === "undo") return { ...remark, state: "", said: `${this.w.unsaved}：${this.w.undo}`, waits: true, comment: remark.body, rewrite: remark.drafted };
    return { ...remark, state: event.action, said: `${this.w.unsaved}：${this.w[`do_${event.action}`]}`, waits: true, undone: null, ...wording(event) };
  }

  // Each event says what it was made on: the version the page showed, or the event of ours that still waits.
  emit(...events) {
    if (!this.pending.length) this.since = Date.now();
    for (const event of events) {
      const former = this.pending.findLast((one) => (event.path ? one.path === event.path : one.key === event.key));
      const on = former ? { after: former.id } : { seen: event.seen };
      this.pending.push({ ...event, ...on, id: `${Date.now()}-${Math.random().toString(36).slice(2, 12)}` });
      delete this.others[event.key];
    }
    store.put(this.slot("pending"), this.pending);
    this.wait = SEND_AGAIN_MS;
    this.send();
    this.remarks = this.data.remarks.map((remark) => this.foreseen(remark));
    this.mark();
    this.drawSide();
    setTimeout(() => this.drawTold(), WAITS_LONG_MS + 50);
  }

  // Sent until the page says it has them, ever more seldom while nothing answers.
  send() {
    clearTimeout(this.timer);
    if (!this.pending.length) return;
    this.hand([...this.pending]);
    this.timer = setTimeout(() => this.root.isConnected && this.send(), this.wait);
    this.wait = Math.min(this.wait * 1.5, SEND_AGAIN_MOST_MS);
  }

  // --- the paper

  // Not while a cell is being corrected: the paper is drawn when that is over.
  drawPaper() {
    this.stale = this.editing !== null;
    if (this.stale) return this.mark();
    const scroll = this.paper.scrollTop;
    this.paper.replaceChildren(
      ...this.data.sheets.map((sheet) => (sheet.line ? this.line(sheet) : this.table(sheet.rows, this.w.paper))),
      ...(this.data.missing.length ? [h("p", { class: "line note" }, this.w.missing), this.table(this.data.missing, this.w.missing)] : []),
    );
    this.paper.scrollTop = scroll;
    this.mark();
  }

  line(sheet) {
    const square = sheet.rows[0][0];
    return h("p", { class: square.head ? "line title" : "line", "data-cell": square.id, ...this.listeners(square) }, h("span", { class: "text" }, square.text));
  }

  table(rows, name) {
    const body = rows.map((row) => h("tr", {}, row.map((square) => this.square(square))));
    const columns = Math.max(0, ...rows.map((row) => row.reduce((sum, square) => sum + square.colspan, 0)));
    return h("table", { "aria-label": name, class: columns > 8 ? "many" : null }, h("tbody", {}, body));
  }

  square(square) {
    const long = square.text.length > 60 ? "long" : "";
    const figure = /^[-≥≤<>=]?[\d.,]+%?$/.test(square.text.trim()) ? "figure" : "";
    const label = square.head && square.text.length >= 4 ? "label" : "";
    const name = square.paths.some((path) => path.endsWith(".name")) && square.text.length > 6 ? "name" : "";
    const attributes = {
      class: `${square.head ? "head" : "value"} ${long} ${figure} ${label} ${name}`,
      rowspan: square.rowspan > 1 ? square.rowspan : null,
      colspan: square.colspan > 1 ? square.colspan : null,
      "data-cell": square.id,
      title: square.doubt || null,
    };
    return h("td", { ...attributes, ...this.listeners(square) }, h("span", { class: "text" }, square.text));
  }

  listeners(square) {
    if (!square.paths.length && !this.at(square.id).length) return {};
    return {
      onclick: (event) => event.target.closest("form") || this.chooseCell(square.id),
      ondblclick: () => square.cells.length && this.edit(square),
    };
  }

  squares() {
    return [...this.data.sheets.flatMap((sheet) => sheet.rows.flat()), ...this.data.missing.flat()];
  }

  at(id) {
    return this.remarks.filter((remark) => remark.cells.includes(id));
  }

  // Signs on the cells. A cell keeps its sign until everything said of it is rejected.
  mark() {
    for (const square of this.squares()) {
      const element = this.element(square.id);
      if (!element) continue;
      const said = this.at(square.id).filter((remark) => remark.state !== "reject");
      const worst = SEVERITIES.find((severity) => said.some((remark) => remark.severity === severity));
      const settled = said.length > 0 && said.every((remark) => remark.state && !remark.waits);
      const written = this.pending.findLast((event) => square.cells.some((cell) => cell.path === event.path));
      element.classList.remove("error", "warning", "advice", "settled", "doubt", "chosen", "shown");
      element.classList.add(...[worst, settled && "settled", square.doubt && "doubt"].filter(Boolean));
      if (this.cell === square.id) element.classList.add("chosen");
      if (this.remarks.find((remark) => remark.key === this.selected)?.cells.includes(square.id)) element.classList.add("shown");
      element.querySelectorAll(":scope > .signs, :scope > .tools").forEach((old) => old.remove());
      const signs = [];
      if (worst) {
        const name = `${this.w[worst]} ${said.length}`;
        signs.push(h("button", { type: "button", class: `sign ${worst}`, "aria-label": `${square.text.slice(0, 30)} ${name}`, title: name }, `${settled ? "✓" : SIGNS[worst]}${said.length > 1 ? said.length : ""}`));
      }
      if (square.doubt) signs.push(h("span", { class: "sign unsure", title: square.doubt, role: "img", "aria-label": `${this.w.doubt}：${square.doubt}` }, "⚑"));
      if (written) {
        element.querySelector(".text").textContent = written.text;
        signs.push(h("span", { class: "sign unsaved" }, this.w.unsaved));
      }
      if (signs.length) element.append(h("span", { class: "signs" }, signs));
      if (square.cells.length && (this.cell === square.id || square.doubt) && this.editing !== square.id) {
        const correct = (event) => {
          event.stopPropagation();
          this.edit(square);
        };
        element.append(h("span", { class: "tools" }, h("button", { type: "button", onclick: correct, "aria-label": `${this.w.correct}：${square.label}` }, this.w.correct)));
      }
    }
  }

  element(id) {
    return this.paper.querySelector(`[data-cell="${id}"]`);
  }

  chooseCell(id) {
    if (this.editing === id) return;
    this.cell = this.cell === id ? null : id;
    this.tab = "remarks";
    const first = this.cell && this.at(id)[0];
    if (first) this.selected = first.key;
    this.mark();
    this.drawSide();
    if (first) this.showCard(first.key);
  }

  // What is written in a cell is kept in the browser until it is saved or given up, and is there again after a reload.
  edit(square) {
    if (this.editing) return this.paper.querySelector(".corrects textarea")?.focus(); // one at a time
    this.editing = square.id;
    this.mark();
    const element = this.element(square.id);
    const fields = square.cells.map(({ path, label, text, version }) => {
      const write = (event) => store.put(this.slot(path), event.target.value);
      return h("label", {}, label, h("textarea", { rows: text.length > 30 ? 5 : 2, value: store.get(this.slot(path)) ?? text, oninput: write, "data-path": path, "data-was": text, "data-seen": version }));
    });
    const close = () => {
      this.editing = null;
      square.cells.forEach(({ path }) => store.drop(this.slot(path)));
      form.remove();
      element.classList.remove("editing");
      if (this.stale) this.drawPaper();
      else this.mark();
    };
    const save = (event) => {
      event?.preventDefault();
      const changed = fields.map((field) => field.lastChild).filter((area) => area.value.trim() !== area.dataset.was.trim());
      close();
      this.emit(...changed.map((area) => ({ kind: "correct", path: area.dataset.path, text: area.value.trim(), seen: Number(area.dataset.seen) })));
    };
    const keys = (event) => {
      event.stopPropagation();
      if (composes(event)) return;
      if (event.key === "Escape") close();
      if (event.key === "Enter" && !event.shiftKey) save(event);
    };
    const buttons = h("span", { class: "buttons" }, h("button", { type: "submit", class: "main" }, this.w.save), h("button", { type: "button", onclick: close }, this.w.cancel));
    const form = h("form", { class: "corrects", onsubmit: save, onkeydown: keys }, fields, buttons);
    element.classList.add("editing");
    element.append(form);
    fields[0].lastChild.focus();
  }

  // A correction that was being written when the page was loaded anew.
  reopen() {
    const square = this.squares().find((one) => one.cells.some(({ path }) => store.get(this.slot(path)) !== null));
    if (square) this.edit(square);
  }

  // --- the remarks

  drawSide() {
    const tabs = [
      ["remarks", `${this.w.remarks} ${this.remarks.length}`],
      ["scores", this.w.scores + (this.data.scores.differ ? ` ${this.data.scores.differ}` : "")],
      ["doubts", `${this.w.doubts} ${this.data.doubts.reduce((sum, [, texts]) => sum + texts.length, 0)}`],
      ["ledger", `${this.w.ledger} ${this.data.ledger.rules}`],
    ];
    if (this.data.unused.length) tabs.push(["unused", `${this.w.unused} ${this.data.unused.length}`]);
    else if (this.tab === "unused") this.tab = "remarks";
    const pick = (name) => () => {
      this.tab = name;
      this.drawSide();
      this.tabs.querySelector(`[data-tab=${name}]`).focus();
    };
    this.tabs.setAttribute("aria-label", this.w.remarks);
    this.tabs.replaceChildren(...tabs.map(([name, text]) => h("button", { type: "button", role: "tab", "data-tab": name, "aria-selected": String(this.tab === name), onclick: pick(name) }, text)));
    this.body.setAttribute("aria-label", this.w[this.tab]);
    this.drawTold();
    const parts = { remarks: () => this.list(), scores: () => this.scores(), doubts: () => this.doubts(), ledger: () => this.ledger(), unused: () => this.unused() }[this.tab]();
    this.arrange(parts.flat(Infinity).filter(Boolean));
  }

  // The list made to hold these parts. A card that looks as before stays the very node; one that is being written in is
  // neither built anew nor moved, only what stands around its fields is; whatever else had the focus has it again.
  arrange(parts) {
    const scroll = this.body.scrollTop;
    const former = new Map([...this.body.children].filter((node) => node.look).map((node) => [node.dataset.key, node]));
    const held = [...former.values()].find((node) => this.writes(node));
    const top = held?.getBoundingClientRect().top;
    const focused = !held && this.focused?.closest?.(".card");
    const action = this.focused?.dataset?.action;
    const nodes = parts.map((part) => {
      if (!(part instanceof Card)) return part;
      const node = former.get(part.remark.key);
      if (node?.look === part.look) return node;
      if (node && node === held) return part.around(node);
      return part.draw();
    });
    if (held && !nodes.includes(held)) nodes.unshift(held); // what it said is gone, what is being written is not
    const at = nodes.indexOf(held);
    for (const node of [...this.body.childNodes]) if (!nodes.includes(node)) node.remove();
    if (held) {
      held.before(...nodes.slice(0, at));
      held.after(...nodes.slice(at + 1));
      this.body.scrollTop += held.getBoundingClientRect().top - top;
    } else {
      this.body.replaceChildren(...nodes);
      this.body.scrollTop = scroll;
    }
    this.body.querySelectorAll("textarea").forEach(grow);
    if (!focused) return;
    const card = this.card(focused.dataset.key);
    (card?.querySelector(`[data-action="${action}"]`) ?? card)?.focus({ preventScroll: true });
  }

  // What a key did, what another window was quicker with, what still waits: one line above the list.
  drawTold() {
    const parts = [];
    const last = this.pending.length && Date.now() - this.since > WAITS_LONG_MS;
    if (last) parts.push(h("p", { class: "waits" }, `${this.w.waiting.replace("{count}", this.pending.length)}${this.data.trouble}`));
    if (this.notice) {
      const { text, key, undo } = this.notice;
      const remark = this.remarks.find((one) => one.key === key);
      const take = undo && remark?.state && h("button", { type: "button", class: "link", onclick: () => this.decide(remark, "undo") }, `${this.w.undo}（U）`);
      const show = !undo && remark && h("button", { type: "button", class: "link", onclick: () => this.choose(key) }, this.w.look);
      const shut = h("button", { type: "button", class: "link", onclick: () => this.tell(null) }, this.w.shut);
      parts.push(h("p", { class: undo ? "" : "refused" }, h("span", {}, text), take, show, shut));
    }
    const look = parts.map((part) => part.textContent).join();
    if (this.told.look === look) return;
    this.told.look = look;
    this.told.replaceChildren(...parts);
    requestAnimationFrame(() => this.fit());
  }

  tell(notice) {
    this.notice = notice;
    this.drawTold();
  }

  visible() {
    return this.remarks.filter((remark) => (!this.cell || remark.cells.includes(this.cell)) && (!this.severity || remark.severity === this.severity));
  }

  list() {
    if (!this.remarks.length) return [h("p", { class: "empty" }, this.w.nothing)];
    const shown = this.visible();
    const open = shown.filter((remark) => remark.state !== "reject");
    const rejected = shown.filter((remark) => remark.state === "reject");
    const undecided = open.filter((remark) => !remark.state);
    const hidden = this.remarks.length - shown.length;
    const filters = SEVERITIES.map((severity) => {
      const count = this.remarks.filter((remark) => remark.severity === severity && remark.state !== "reject").length;
      const toggle = () => {
        this.severity = this.severity === severity ? null : severity;
        this.drawSide();
      };
      return h("button", { type: "button", class: `filter ${severity}`, "aria-pressed": String(this.severity === severity), onclick: toggle }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[severity]), `${this.w[severity]} ${count}`);
    });
    const all = () => {
      this.cell = this.severity = null;
      this.mark();
      this.drawSide();
    };
    const acceptAll = () => this.emit(...undecided.filter((remark) => !this.blank(remark)).map((remark) => this.decided(remark, this.changed(remark) ? "edit" : "accept")));
    const copy = (event) => copied(this.data.copy, event.currentTarget, this.w.copied);
    return [
      h("div", { class: "bar" }, filters, h("span", { class: "stretch" }), h("button", { type: "button", class: "quiet", disabled: !undecided.length, onclick: acceptAll }, `${this.w.accept_all} ${undecided.length}`), h("button", { type: "button", class: "quiet", disabled: !this.data.copy, onclick: copy }, this.w.copy_all)),
      hidden > 0 && h("p", { class: "hidden" }, this.w.hidden.replace("{shown}", shown.length).replace("{hidden}", hidden), " ", h("button", { type: "button", class: "link", onclick: all }, this.w.show_all)),
      !shown.length && h("p", { class: "empty" }, this.w.none_here),
      open.map((remark) => new Card(this, remark)),
      rejected.length > 0 && h("h4", {}, `${this.w.rejected} ${rejected.length}`),
      rejected.map((remark) => new Card(this, remark)),
      h("p", { class: "keys" }, this.w.keys),
    ];
  }

  // Where the browser keeps what is being written of a remark or a cell, and what waits.
  slot(name) {
    return `bench ${this.data.form} ${name}`;
  }

  // What stands in the fields of a remark: what is being written, else the words of an edit that was taken back.
  draft(remark) {
    return { ...wording(remark), ...(store.get(this.slot(remark.key)) ?? remark.undone ?? {}) };
  }

  keep(remark, name, text) {
    store.put(this.slot(remark.key), { ...this.draft(remark), [name]: text });
    new Card(this, remark).around(this.card(remark.key));
  }

  changed(remark) {
    const now = this.draft(remark);
    return now.comment.trim() !== remark.comment.trim() || (now.rewrite ?? "").trim() !== (remark.rewrite ?? "").trim();
  }

  blank(remark) {
    return !this.draft(remark).comment.trim();
  }

  // After a decision the next remark that has none is chosen; what was taken back is chosen itself.
  decide(remark, action, key = "") {
    if (action !== "undo" && action !== "reject" && this.blank(remark)) return this.tell({ text: this.w.empty, key: remark.key });
    this.notice = key ? { text: this.w.by_key.replace("{key}", key).replace("{what}", this.w[`do_${action}`]).replace("{place}", `${remark.rule} ${remark.place}`), key: remark.key, undo: action !== "undo" } : null;
    this.emit(this.decided(remark, action));
    this.last = action === "undo" ? null : remark.key;
    const next = action === "undo" ? remark : this.nextOpen(remark.key);
    if (next) this.choose(next.key);
  }

  nextOpen(key) {
    const shown = this.visible();
    const at = shown.findIndex((one) => one.key === key);
    return [...shown.slice(at + 1), ...shown.slice(0, at)].find((one) => !one.state);
  }

  // The event of a decision. The words of an edit go with it; those of an edit that is taken back, and those that were
  // being written of a remark that is rejected, stay in the field.
  decided(remark, action) {
    const slot = this.slot(remark.key);
    const words = wording(this.draft(remark));
    const made = { kind: "decide", key: remark.key, action, seen: remark.version };
    if (action === "undo") {
      if (remark.state === "edit" && !store.get(slot)) store.put(slot, wording(remark));
      return { kind: "undo", key: remark.key, seen: remark.version };
    }
    if (action === "reject") return { ...made, ...wording(remark) };
    store.drop(slot);
    return { ...made, ...(action === "edit" ? words : wording(remark)) };
  }

  choose(key) {
    this.selected = key;
    const remark = this.remarks.find((one) => one.key === this.selected);
    this.mark();
    this.drawSide();
    if (!remark) return;
    this.showCell(remark.cell);
    this.showCard(key);
    this.card(key)?.focus({ preventScroll: true });
  }

  card(key) {
    return [...this.body.querySelectorAll(".card")].find((one) => one.dataset.key === key);
  }

  showCell(id) {
    const cell = this.element(id);
    if (!cell) return;
    const pane = this.paper.getBoundingClientRect();
    const box = cell.getBoundingClientRect();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.paper.scrollTo({
      top: this.paper.scrollTop + box.top - pane.top - Math.max(20, (pane.height - box.height) / 2),
      left: this.paper.scrollLeft + box.left - pane.left - Math.max(20, (pane.width - box.width) / 2),
      behavior: calm ? "auto" : "smooth",
    });
  }

  showCard(key) {
    const card = this.card(key);
    if (card) this.body.scrollTop += card.getBoundingClientRect().top - this.body.getBoundingClientRect().top - 8;
  }

  // Single keys, only while the focus is on the workbench and in no field. A key held down decides once.
  key(event) {
    const target = event.composedPath()[0];
    if (composes(event)) return;
    if (event.ctrlKey && event.key === "Enter" && target.tagName === "TEXTAREA") {
      const written = this.remarks.find((one) => one.key === target.closest(".card")?.dataset.key);
      if (!written) return;
      event.preventDefault();
      if (!this.blank(written)) target.blur();
      return this.decide(written, this.changed(written) ? "edit" : "accept", "Ctrl+Enter");
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isField(target) || isField(this.focused)) return;
    const shown = this.visible();
    const at = shown.findIndex((one) => one.key === (target.dataset?.key ?? this.selected));
    const remark = shown[at];
    const undone = [remark, this.remarks.find((one) => one.key === this.last)].find((one) => one?.state);
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const inCards = target.closest?.(".card");
    let done = true;
    if (step && (inCards || event.key.length === 1)) {
      const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)];
      if (next && next.key !== this.selected) this.choose(next.key);
      this.showCard(next?.key);
    } else if (event.key === "Enter" && inCards === target) this.choose(target.dataset.key);
    else if (event.repeat && "axu".includes(event.key)) done = true;
    else if (event.key === "a" && remark && !remark.state) this.decide(remark, this.changed(remark) ? "edit" : "accept", "A");
    else if (event.key === "x" && remark && remark.state !== "reject") this.decide(remark, "reject", "X");
    else if (event.key === "u" && undone) this.decide(undone, "undo", "U");
    else if (event.key === "e" && remark) {
      if (this.selected !== remark.key) this.choose(remark.key);
      this.card(remark.key).querySelector("textarea").focus();
    } else done = false;
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  // --- score sheet, doubts

  scores() {
    const { columns, rows } = this.data.scores;
    const head = h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)));
    const body = rows.map(({ cells, differs }) => h("tr", { class: differs ? "differs" : null }, cells.map((text, at) => h(at ? "td" : "th", at ? {} : { scope: "row" }, differs && at === 3 ? `${text} ≠` : text))));
    return [h("table", { class: "scores" }, h("thead", {}, head), h("tbody", {}, body)), this.data.scores.differ ? h("p", { class: "keys" }, this.w.differs) : null];
  }

  doubts() {
    if (!this.data.doubts.length) return [h("p", { class: "empty" }, this.w.no_doubts)];
    return this.data.doubts.map(([why, texts]) => h("div", { class: "doubts" }, h("h4", {}, why), h("ul", {}, texts.map((text) => h("li", {}, text)))));
  }

  // What became of every rule, by outcome: open where a rule could not judge, for there the reviewer has to look.
  ledger() {
    const rule = ({ code, title, kept }) => h("li", {}, `${code} ${title}`, kept.length ? h("ul", {}, kept.map((text) => h("li", {}, text))) : null);
    const one = ({ outcome, name, open, rules }) => h("details", { class: "unused", open: open ? "" : null, "data-outcome": outcome }, h("summary", {}, h("b", {}, name), ` ${rules.length}`), h("ul", {}, rules.map(rule)));
    return [h("p", { class: "why" }, this.w.ledger_about), this.data.ledger.outcomes.map(one)];
  }

  // What a model wrote that was not let through, and what it withdrew: closed, the reasons inside.
  unused() {
    const one = ({ title, state, text, reasons }) =>
      h("details", { class: "unused" }, h("summary", {}, h("b", {}, title), ` ${state}`), h("p", { class: "body" }, text), h("ul", {}, reasons.map((reason) => h("li", {}, `${this.w.reason}：${reason}`))));
    return [h("p", { class: "why" }, this.w.unused_about), this.data.unused.map(one)];
  }
}

// One remark in the list. `look` is all that it shows: where that is the same, so is the card.
class Card {
  constructor(bench, remark) {
    Object.assign(this, { bench, remark, w: bench.w, chosen: remark.key === bench.selected, written: bench.draft(remark), changed: bench.changed(remark) });
    this.other = bench.others[remark.key] ?? "";
    this.look = JSON.stringify([remark, this.chosen, this.written, this.other, this.w.accept]);
  }

  draw() {
    const { bench, remark, chosen } = this;
    const choose = (event) => event.target.closest("button,textarea,a,summary") || bench.choose(remark.key);
    const card = h("div", { class: this.class(), tabindex: "0", "data-key": remark.key, "aria-label": `${this.w[remark.severity]} ${remark.rule} ${remark.place}`, role: "group", onclick: choose });
    const shown = this.changed ? this.written.comment : remark.state ? remark.comment : remark.body;
    card.append(this.head(), this.others(), ...(chosen ? this.opened() : [h("p", { class: "body" }, shown)]), this.actions());
    card.look = this.look;
    return card;
  }

  // The same card with what stands around its fields drawn anew.
  around(card) {
    card.className = this.class();
    card.querySelector(":scope > .head").replaceWith(this.head());
    card.querySelector(":scope > .other").replaceWith(this.others());
    card.querySelector(":scope > .actions").replaceWith(this.actions());
    card.look = this.look;
    return card;
  }

  class() {
    const { remark, chosen } = this;
    return `card ${remark.severity} ${chosen ? "chosen" : ""} ${remark.state} ${remark.waits ? "waits" : ""}`;
  }

  head() {
    const { remark } = this;
    const badge = h("span", { class: `badge ${remark.severity}` }, h("span", { "aria-hidden": "true" }, `${SIGNS[remark.severity]} `), this.w[remark.severity]);
    const state = remark.waits ? "unsaved" : this.changed ? "unkept" : remark.state;
    const said = [this.changed && this.w.unkept, remark.said].filter(Boolean).join("；");
    return h("div", { class: "head" }, badge, h("b", {}, remark.rule), h("span", { class: "place" }, remark.place), said && h("span", { class: `state ${state}` }, said));
  }

  // That another window was quicker, and its words where one's own stand in the field.
  others() {
    if (!this.other) return h("p", { class: "other", hidden: true });
    return h("p", { class: "other" }, this.other, this.changed && this.remark.state === "edit" && `${this.w.their_words}${this.remark.comment}`);
  }

  opened() {
    const { bench, remark, written } = this;
    const write = (name) => (event) => {
      grow(event.target);
      bench.keep(remark, name, event.target.value);
    };
    const copy = (event) => copied(bench.draft(remark).rewrite, event.currentTarget, this.w.copied);
    const areas = [h("label", {}, this.w.comment, h("textarea", { value: written.comment, rows: 2, oninput: write("comment"), "data-name": "comment" }))];
    if (remark.rewrite !== null || written.rewrite)
      areas.push(h("label", {}, this.w.rewrite, h("textarea", { value: written.rewrite ?? "", rows: 1, oninput: write("rewrite"), "data-name": "rewrite" })), h("button", { type: "button", class: "quiet copy", onclick: copy }, this.w.copy));
    const why = `${this.w.origin}：${remark.origin}${remark.why ? `。${remark.why}` : ""}`;
    return [...remark.behind.map((message) => h("p", { class: "body" }, message)), ...areas, this.clauses(), h("p", { class: "why", title: remark.made_by || null }, why)].filter(Boolean);
  }

  clauses() {
    const { clauses } = this.remark;
    if (!clauses.length) return h("p", { class: "why" }, this.w.no_clause);
    const clause = ({ text, digest, wording, link }) => h("li", {}, h("a", { href: link, target: "_blank", rel: "noopener" }, text), h("br"), h("small", {}, `${wording}：${digest}`));
    return h("details", { open: true }, h("summary", {}, `${this.w.clauses} ${clauses.length}`), h("ul", {}, clauses.map(clause)));
  }

  actions() {
    const { bench, remark, changed } = this;
    const button = (action, text, name = "", disabled = false) => {
      const act = (event) => {
        event.stopPropagation();
        bench.decide(remark, action);
      };
      return h("button", { type: "button", class: name, "data-action": action, disabled, onclick: act }, text);
    };
    const restore = () => {
      store.put(bench.slot(remark.key), wording(remark));
      bench.drawSide();
    };
    const blank = bench.blank(remark);
    const accept = button(changed ? "edit" : "accept", changed ? this.w.accept_edited : this.w.accept, "main", blank);
    const parts = remark.state ? [changed && accept, button("undo", this.w.undo, "quiet")] : [accept, button("reject", this.w.reject)];
    if (changed) parts.push(h("button", { type: "button", class: "quiet", "data-action": "restore", onclick: restore }, this.w.restore));
    return h("div", { class: "actions" }, parts.filter(Boolean), blank && h("span", { class: "blank" }, this.w.empty));
  }
}

// The words of a remark or of an event.
function wording({ comment, rewrite }) {
  return { comment: comment ?? "", rewrite: rewrite ?? null };
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

// The clipboard of a page that is not served over https has to be asked the old way.
async function copied(text, button, said) {
  if (navigator.clipboard && window.isSecureContext) await navigator.clipboard.writeText(text ?? "");
  else {
    const area = h("textarea", { value: text ?? "", style: "position:fixed;opacity:0" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const before = button.textContent;
  button.textContent = said;
  setTimeout(() => (button.textContent = before), 1500);
}
