// The paper form as a table of buttons. `data`: title, rows, marked, verdicts, words, locked.
// The table is built once for a form, and from then on keeps the marks itself: a rerun that answers an earlier
// click must not undo a later one. Reruns only bring verdicts, so the focus stays.
export default function ({ parentElement, data, setStateValue }) {
  const host = parentElement.querySelector(".scroll");
  const built = JSON.stringify([data.title, data.rows]);
  if (host.built !== built) {
    host.built = built;
    host.marked = new Set(data.marked);
    host.replaceChildren(drawn(data));
  }
  const table = host.firstChild;
  const marked = host.marked;
  const show = () => {
    for (const button of table.querySelectorAll("button")) {
      const path = button.dataset.path;
      const verdict = data.verdicts[path] ?? (marked.has(path) ? "marked" : "");
      button.className = [button.dataset.head ? "head" : "", verdict].join(" ").trim();
      button.setAttribute("aria-pressed", String(marked.has(path)));
      button.setAttribute("aria-label", [button.dataset.label, button.textContent || data.words.blank, data.words[verdict]].filter(Boolean).join("："));
    }
    table.className = data.locked ? "done" : "";
  };
  table.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button || data.locked) return;
    const path = button.dataset.path;
    marked.has(path) ? marked.delete(path) : marked.add(path);
    show();
    setStateValue("marked", [...marked]);
  };
  show();
}

function drawn(data) {
  const table = document.createElement("table");
  table.createCaption().textContent = data.title;
  const body = table.createTBody();
  for (const squares of data.rows) {
    const row = body.insertRow();
    for (const square of squares) {
      const cell = document.createElement(square.path || !square.text ? "td" : "th");
      cell.colSpan = square.columns;
      cell.rowSpan = square.rows;
      if (square.path) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = square.text;
        button.dataset.path = square.path;
        button.dataset.label = square.label;
        if (square.heading) button.dataset.head = "1";
        cell.append(button);
      } else {
        cell.textContent = square.text;
        if (!square.text) cell.className = "void";
      }
      row.append(cell);
    }
  }
  return table;
}
