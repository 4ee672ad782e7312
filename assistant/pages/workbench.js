// The workbench: the form as paper beside the remarks on it. Choosing a remark shows its cell, choosing a cell its
// remarks; decisions and corrections go to the page as events. Every text is set as text, never as markup.

const SIGNS = { error: "✕", warning: "?", advice: "✎" };
const SEVERITIES = ["error", "warning", "advice"];

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".bench");
  root.bench ??= new Bench(root);
  root.bench.send = (events) => setTriggerValue("events", events);
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

class Bench {
  constructor(root) {
    this.root = root;
    this.pending = [];
    this.selected = null; // key of the chosen remark
    this.cell = null; // id of the chosen cell, which filters the remarks
    this.severity = null;
    this.tab = "remarks";
    this.editing = null; // id of the cell being corrected
    this.last = null; // key of the remark decided last, which an undo takes back
    this.paper = h("div", { class: "paper", tabindex: "0", role: "region" });
    this.side = h("div", { class: "side" });
    root.append(this.paper, this.side);
    root.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("resize", () => this.fit());
  }

  // The panes end where the window does, whatever stands above them.
  fit() {
    const main = this.root.getRootNode().host?.closest('[data-testid="stMain"]');
    const above = this.root.getBoundingClientRect().top + (main?.scrollTop ?? 0);
    this.root.style.setProperty("--above", `${Math.round(above)}px`);
  }

  update(data) {
    const other = this.data?.form !== data.form;
    if (other) Object.assign(this, { selected: null, last: null, cell: null, severity: null, editing: null, pending: [] });
    const drawn = other || JSON.stringify([this.data.sheets, this.data.missing]) !== JSON.stringify([data.sheets, data.missing]);
    this.data = data;
    this.w = data.words;
    this.pending = this.pending.filter((event) => !data.done.includes(event.id));
    this.remarks = data.remarks.map((remark) => this.foreseen(remark));
    this.paper.setAttribute("aria-label", this.w.paper);
    if (drawn) this.drawPaper();
    else this.mark();
    this.drawSide();
    requestAnimationFrame(() => this.fit());
  }

  // A decision shows at once; the page confirms it a moment later.
  foreseen(remark) {
    const event = this.pending.findLast((one) => one.key === remark.key);
    if (!event) return remark;
    if (event.kind === "undo") return { ...remark, state: "", said: "" };
    return { ...remark, state: event.action, said: this.w[`state_${event.action}`], ...wording(event) };
  }

  emit(event) {
    this.pending.push({ ...event, id: `${Date.now()}-${Math.random().toString(36).slice(2, 8)}` });
    this.send([...this.pending]);
    this.remarks = this.data.remarks.map((remark) => this.foreseen(remark));
    this.mark();
    this.drawSide();
  }

  // --- the paper

  drawPaper() {
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
    return this.remarks.filter((remark) => remark.cell === id);
  }

  // Signs on the cells. A cell keeps its sign until everything said of it is rejected.
  mark() {
    for (const square of this.squares()) {
      const element = this.element(square.id);
      if (!element) continue;
      const said = this.at(square.id).filter((remark) => remark.state !== "reject");
      const worst = SEVERITIES.find((severity) => said.some((remark) => remark.severity === severity));
      const settled = said.length > 0 && said.every((remark) => remark.state);
      element.classList.remove("error", "warning", "advice", "settled", "doubt", "chosen", "shown");
      element.classList.add(...[worst, settled && "settled", square.doubt && "doubt"].filter(Boolean));
      if (this.cell === square.id) element.classList.add("chosen");
      if (this.remarks.find((remark) => remark.key === this.selected)?.cell === square.id) element.classList.add("shown");
      element.querySelectorAll(":scope > .signs, :scope > .tools").forEach((old) => old.remove());
      const signs = [];
      if (worst) {
        const name = `${this.w[worst]} ${said.length}`;
        signs.push(h("button", { type: "button", class: `sign ${worst}`, "aria-label": `${square.text.slice(0, 30)} ${name}`, title: name }, `${settled ? "✓" : SIGNS[worst]}${said.length > 1 ? said.length : ""}`));
      }
      if (square.doubt) signs.push(h("span", { class: "sign unsure", title: square.doubt, role: "img", "aria-label": `${this.w.doubt}：${square.doubt}` }, "⚑"));
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

  edit(square) {
    this.editing = square.id;
    this.mark();
    const element = this.element(square.id);
    const fields = square.cells.map(({ path, label, text }) => h("label", {}, label, h("textarea", { rows: text.length > 30 ? 5 : 2, value: text, "data-path": path, "data-was": text })));
    const close = () => {
      this.editing = null;
      form.remove();
      element.classList.remove("editing");
      this.mark();
    };
    const save = (event) => {
      event?.preventDefault();
      const changed = fields.map((field) => field.lastChild).filter((area) => area.value.trim() !== area.dataset.was.trim());
      close();
      for (const area of changed) {
        element.querySelector(".text").textContent = area.value.trim();
        this.emit({ kind: "correct", path: area.dataset.path, text: area.value.trim() });
      }
    };
    const keys = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save(event);
    };
    const buttons = h("span", { class: "buttons" }, h("button", { type: "submit", class: "main" }, this.w.save), h("button", { type: "button", onclick: close }, this.w.cancel));
    const form = h("form", { class: "corrects", onsubmit: save, onkeydown: keys }, fields, buttons);
    element.classList.add("editing");
    element.append(form);
    fields[0].lastChild.focus();
  }

  // --- the remarks

  drawSide() {
    const list = this.side.querySelector(".list");
    const scroll = list?.scrollTop ?? 0;
    const tabs = [
      ["remarks", `${this.w.remarks} ${this.remarks.length}`],
      ["scores", this.w.scores + (this.data.scores.differ ? ` ${this.data.scores.differ}` : "")],
      ["doubts", `${this.w.doubts} ${this.data.doubts.reduce((sum, [, texts]) => sum + texts.length, 0)}`],
    ];
    if (this.data.unused.length) tabs.push(["unused", `${this.w.unused} ${this.data.unused.length}`]);
    else if (this.tab === "unused") this.tab = "remarks";
    const pick = (name) => () => {
      this.tab = name;
      this.drawSide();
      this.side.querySelector(`[data-tab=${name}]`).focus();
    };
    const bar = tabs.map(([name, text]) => h("button", { type: "button", role: "tab", "data-tab": name, "aria-selected": String(this.tab === name), onclick: pick(name) }, text));
    const body = { remarks: () => this.list(), scores: () => this.scores(), doubts: () => this.doubts(), unused: () => this.unused() }[this.tab]();
    const focused = this.root.getRootNode().activeElement?.closest?.(".card")?.dataset.key;
    this.side.replaceChildren(h("div", { class: "tabs", role: "tablist", "aria-label": this.w.remarks }, bar), h("div", { class: "list", role: "tabpanel", tabindex: "0", "aria-label": this.w[this.tab] }, body));
    this.side.querySelector(".list").scrollTop = scroll;
    this.side.querySelectorAll("textarea").forEach(grow);
    if (focused !== undefined) this.card(focused)?.focus({ preventScroll: true });
  }

  visible() {
    return this.remarks.filter((remark) => (!this.cell || remark.cell === this.cell) && (!this.severity || remark.severity === this.severity));
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
    const acceptAll = () => undecided.forEach((remark) => this.settle(remark, "accept"));
    const copy = (event) => copied(this.data.copy, event.currentTarget, this.w.copied);
    return [
      h("div", { class: "bar" }, filters, h("span", { class: "stretch" }), h("button", { type: "button", class: "quiet", disabled: !undecided.length, onclick: acceptAll }, `${this.w.accept_all} ${undecided.length}`), h("button", { type: "button", class: "quiet", disabled: !this.data.copy, onclick: copy }, this.w.copy_all)),
      hidden > 0 && h("p", { class: "hidden" }, this.w.hidden.replace("{shown}", shown.length).replace("{hidden}", hidden), " ", h("button", { type: "button", class: "link", onclick: all }, this.w.show_all)),
      !shown.length && h("p", { class: "empty" }, this.w.none_here),
      open.map((remark) => this.drawCard(remark)),
      rejected.length > 0 && h("h4", {}, `${this.w.rejected} ${rejected.length}`),
      rejected.map((remark) => this.drawCard(remark)),
      h("p", { class: "keys" }, this.w.keys),
    ];
  }

  drawCard(remark) {
    const chosen = remark.key === this.selected;
    const kept = this.draft(remark);
    const badge = h("span", { class: `badge ${remark.severity}` }, h("span", { "aria-hidden": "true" }, `${SIGNS[remark.severity]} `), this.w[remark.severity]);
    const state = remark.state && h("span", { class: `state ${remark.state}` }, remark.said);
    const head = h("div", { class: "head" }, badge, h("b", {}, remark.rule), h("span", { class: "place" }, remark.place), state);
    const choose = (event) => event.target.closest("button,textarea,a,summary") || this.choose(remark.key);
    const attributes = { class: `card ${remark.severity} ${chosen ? "chosen" : ""} ${remark.state}`, tabindex: "0", "data-key": remark.key, "aria-label": `${this.w[remark.severity]} ${remark.rule} ${remark.place}`, role: "group", onclick: choose };
    if (!chosen) return h("div", attributes, head, h("p", { class: "body" }, remark.state ? remark.comment : remark.body), this.actions(remark, kept));
    const written = (name) => (event) => {
      grow(event.target);
      this.keep(remark, name, event.target.value);
    };
    const areas = [h("label", {}, this.w.comment, h("textarea", { value: kept.comment, rows: 2, oninput: written("comment"), "data-name": "comment" }))];
    if (remark.rewrite !== null || kept.rewrite)
      areas.push(h("label", {}, this.w.rewrite, h("textarea", { value: kept.rewrite ?? "", rows: 1, oninput: written("rewrite"), "data-name": "rewrite" })), h("button", { type: "button", class: "quiet copy", onclick: (event) => copied(this.draft(remark).rewrite, event.currentTarget, this.w.copied) }, this.w.copy));
    return h("div", attributes, head, remark.message && h("p", { class: "body" }, remark.message), areas, this.clauses(remark), h("p", { class: "why", title: remark.made_by || null }, `${this.w.origin}：${remark.origin}${remark.why ? `。${remark.why}` : ""}`), this.actions(remark, kept));
  }

  clauses(remark) {
    if (!remark.clauses.length) return h("p", { class: "why" }, this.w.no_clause);
    const clause = ({ text, digest, wording, link }) => h("li", {}, h("a", { href: link, target: "_blank", rel: "noopener" }, text), h("br"), h("small", {}, `${wording}：${digest}`));
    return h("details", { open: true }, h("summary", {}, `${this.w.clauses} ${remark.clauses.length}`), h("ul", {}, remark.clauses.map(clause)));
  }

  actions(remark, kept) {
    const changed = this.changed(remark);
    const act = (action) => (event) => {
      event.stopPropagation();
      this.decide(remark, action);
    };
    const button = (action, text, name = "") => h("button", { type: "button", class: name, "data-action": action, onclick: act(action) }, text);
    if (remark.state && !changed) return h("div", { class: "actions" }, button("undo", this.w.undo, "quiet"));
    return h("div", { class: "actions" }, button(changed ? "edit" : "accept", changed ? this.w.accept_edited : this.w.accept, "main"), button("reject", this.w.reject));
  }

  // What is being written is kept in the browser until it is decided, so that a reload loses nothing.
  slot(remark) {
    return `bench ${this.data.form} ${remark.key}`;
  }

  draft(remark) {
    return { ...wording(remark), ...JSON.parse(sessionStorage.getItem(this.slot(remark)) ?? "{}") };
  }

  keep(remark, name, text) {
    sessionStorage.setItem(this.slot(remark), JSON.stringify({ ...this.draft(remark), [name]: text }));
    this.card(remark.key).querySelector(".actions").replaceWith(this.actions(remark, this.draft(remark)));
  }

  changed(remark) {
    const now = this.draft(remark);
    return now.comment.trim() !== remark.comment.trim() || (now.rewrite ?? "").trim() !== (remark.rewrite ?? "").trim();
  }

  // After a decision the next remark that has none is chosen; what was taken back is chosen itself.
  decide(remark, action) {
    this.settle(remark, action);
    this.last = action === "undo" ? null : remark.key;
    const next = action === "undo" ? remark : this.nextOpen(remark.key);
    if (next) this.choose(next.key);
  }

  nextOpen(key) {
    const shown = this.visible();
    const at = shown.findIndex((one) => one.key === key);
    return [...shown.slice(at + 1), ...shown.slice(0, at)].find((one) => !one.state);
  }

  settle(remark, action) {
    const words = wording(this.draft(remark));
    sessionStorage.removeItem(this.slot(remark));
    if (action === "undo") return this.emit({ kind: "undo", key: remark.key });
    this.emit({ kind: "decide", key: remark.key, action, ...(action === "edit" ? words : wording(remark)) });
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
    return [...this.side.querySelectorAll(".card")].find((one) => one.dataset.key === key);
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
    const list = this.side.querySelector(".list");
    const card = this.card(key);
    if (card) list.scrollTop += card.getBoundingClientRect().top - list.getBoundingClientRect().top - 8;
  }

  // Single keys, only while the focus is on the workbench and not in a text.
  key(event) {
    const target = event.composedPath()[0];
    if (event.ctrlKey && event.key === "Enter" && target.tagName === "TEXTAREA" && this.selected) {
      const remark = this.remarks.find((one) => one.key === this.selected);
      event.preventDefault();
      return this.decide(remark, this.changed(remark) ? "edit" : "accept");
    }
    if (event.ctrlKey || event.metaKey || event.altKey || ["TEXTAREA", "INPUT"].includes(target.tagName)) return;
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
    else if (event.key === "a" && remark && !remark.state) this.decide(remark, this.changed(remark) ? "edit" : "accept");
    else if (event.key === "x" && remark && remark.state !== "reject") this.decide(remark, "reject");
    else if (event.key === "u" && undone) this.decide(undone, "undo");
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

  // What a model wrote that was not let through, and what it withdrew: closed, the reasons inside.
  unused() {
    const one = ({ title, state, text, reasons }) =>
      h("details", { class: "unused" }, h("summary", {}, h("b", {}, title), ` ${state}`), h("p", { class: "body" }, text), h("ul", {}, reasons.map((reason) => h("li", {}, `${this.w.reason}：${reason}`))));
    return [h("p", { class: "why" }, this.w.unused_about), this.data.unused.map(one)];
  }
}

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
