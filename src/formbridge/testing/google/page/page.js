// The page of the emulator. It asks for what has changed once a second, and at once when somebody
// scrolls. Whatever came from a cell is set as text, never as markup.
"use strict";

const $ = (selector) => document.querySelector(selector);
const sight = $("#sight"), entry = $("#entry");
const ROW_HEAD = 46, HEAD = 22, MORE = 300, KEPT_CALLS = 300;

const known = { files: "", calls: 0, sheet: "" };
let files = [], book = "", tab = "", sheet = null, chosen = { row: 0, column: 0 };
let timer = 0, asking = false, again = false, before = new Map(), lookingAt = "", typing = false;

function element(name, text = "", properties = {}) {
  const made = document.createElement(name);
  if (text !== "") made.textContent = text;
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value; else made.setAttribute(key, value);
  }
  return made;
}

function letters(column) {
  let text = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  }
  return text;
}

function time(microseconds) {
  return new Date(microseconds / 1000).toLocaleTimeString([], { hour12: false });
}

function when(microseconds) {
  const there = new Date(microseconds / 1000);
  return there.toDateString() === new Date().toDateString() ? time(microseconds) : there.toLocaleDateString();
}

function say(text, wrong = false) {
  $("#said").textContent = text;
  $("#said").classList.toggle("wrong", wrong);
}

// --- asking ---------------------------------------------------------------------------------------

async function send(method, path, body) {
  const options = { method, headers: { "content-type": "application/json" } };
  if (body !== undefined) options.body = JSON.stringify(body);
  const answer = await fetch("/_emulator/" + path, options);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error ? said.error.message : answer.statusText);
  return said;
}

async function act(method, path, body, text) {
  try {
    const said = await send(method, path, body);
    say(said.done ? [].concat(said.done).join("; ") : text || "");
  } catch (error) {
    say(error.message, true);
  }
  await ask();
}

function question() {
  const view = new URLSearchParams({ files: known.files, calls: known.calls });
  if (book) {
    view.set("book", book);
    view.set("tab", tab);
    view.set("sheet", known.sheet);
    view.set("x", Math.max(0, Math.floor(sight.scrollLeft / 200) * 200 - MORE));
    view.set("y", Math.max(0, Math.floor(sight.scrollTop / 210) * 210 - MORE));
    view.set("width", Math.ceil(sight.clientWidth / 200) * 200 + 2 * MORE + 200);
    view.set("height", Math.ceil(sight.clientHeight / 210) * 210 + 2 * MORE + 210);
  }
  return view;
}

async function ask() {
  if (asking) { again = true; return; }
  asking = true;
  clearTimeout(timer);
  const asked = book + "/" + tab;
  try {
    const said = await (await fetch("/_emulator/page/state?" + question())).json();
    $("#live").textContent = "live";
    $("#live").classList.remove("lost");
    show(said, asked === book + "/" + tab);
  } catch (error) {
    $("#live").textContent = "no answer: is the emulator running?";
    $("#live").classList.add("lost");
  }
  asking = false;
  if (again) { again = false; return ask(); }
  timer = setTimeout(ask, document.hidden ? 5000 : 1000);
}

function show(said, current) {
  $("#clock").textContent = new Date(said.now / 1000).toLocaleString([], { hour12: false });
  if (said.files) { known.files = said.files.version; files = said.files.all; showFiles(); }
  showCalls(said);
  showTrouble(said);
  if (!current || said.sheet === undefined) return;
  if (said.sheet === null) { close("This file is gone."); return; }
  if (said.sheet.rows) { known.sheet = said.sheet.version; showSheet(said.sheet); }
}

// --- files ----------------------------------------------------------------------------------------

function showFiles() {
  const wanted = $("#find").value.toLowerCase();
  const focused = document.activeElement && document.activeElement.dataset.file;
  const shown = files.filter((file) => (file.name + " " + file.id).toLowerCase().includes(wanted));
  $("#files-count").textContent = files.length;
  $("#files").replaceChildren(...shown.map(showFile));
  if (focused) $(`#files [data-file="${CSS.escape(focused)}"]`)?.focus();
}

function showFile(file) {
  const item = element("li", "", { className: (file.trashed ? "trashed " : "") + file.kind });
  const inside = element(file.kind === "sheet" ? "button" : "div", "", { className: "file" });
  inside.append(element("span", file.name, { className: "name" }));
  const where = [file.trashed ? "in the trash" : file.folder, file.owner, when(file.modified)];
  inside.append(element("small", where.filter(Boolean).join(" · ")));
  inside.append(element("small", file.id, { className: "id", title: file.id }));
  if (file.kind === "sheet") {
    inside.dataset.file = file.id;
    if (file.id === book) inside.setAttribute("aria-current", "true");
    inside.addEventListener("click", () => open(file.id));
  }
  item.append(inside);
  return item;
}

function open(id, itsTab = "") {
  book = id;
  tab = itsTab;
  known.sheet = "";
  chosen = { row: 0, column: 0 };
  history.replaceState(null, "", "#" + id + (itsTab !== "" ? "/" + itsTab : ""));
  $("#nothing").hidden = true;
  $("#book").hidden = false;
  sight.scrollTo(0, 0);
  showFiles();
  ask();
}

function close(why) {
  book = "";
  sheet = null;
  $("#book").hidden = true;
  $("#nothing").hidden = false;
  $("#nothing").textContent = why;
  showFiles();
}

// --- calls and trouble ----------------------------------------------------------------------------

function showCalls(said) {
  if (said.last < known.calls) $("#calls").replaceChildren();
  known.calls = said.last;
  $("#calls-count").textContent = said.last;
  const rows = said.calls.map(showCall).reverse();
  $("#calls").prepend(...rows);
  while ($("#calls").children.length > KEPT_CALLS) $("#calls").lastChild.remove();
}

function showCall(call) {
  const row = element("tr");
  row.append(element("td", time(call.at)));
  const what = element("td", call.method.replace(/^sheets\.spreadsheets\./, ""), { title: call.verb + " " + call.path });
  const name = files.find((file) => file.id === call.file);
  const about = [name ? name.name : call.file, call.who].filter(Boolean).join(" · ");
  if (about) what.append(element("small", about));
  if (call.fault) what.append(element("small", "fault: " + call.fault, { className: "fault" }));
  row.append(what);
  row.append(element("td", call.status || "cut", { className: call.status >= 200 && call.status < 400 ? "" : "bad" }));
  row.append(element("td", Math.round(call.seconds * 1000), { className: "number" }));
  return row;
}

function showTrouble(said) {
  $("#lag").checked = said.lag > 0;
  $("#latency").checked = said.latency;
  $("#quotas").checked = said.quotas;
  $("#between").checked = said.between;
  $("#clear").hidden = !said.faults.length;
  const key = JSON.stringify(said.faults);
  if ($("#armed").dataset.key === key) return;
  $("#armed").dataset.key = key;
  $("#armed").replaceChildren(...said.faults.map(showFault));
}

function showFault(fault) {
  const { id, kind, label, status, seen, struck, ...rest } = fault;
  const item = element("li");
  const details = Object.entries(rest).filter(([, value]) => value !== null);
  const text = [label, ...details.map(([name, value]) => `${name} ${value}`)].join(", ");
  item.append(element("span", text + (struck ? `: ${struck} so far` : "")));
  const remove = element("button", "×", { "aria-label": `Remove the fault ${text}` });
  remove.addEventListener("click", () => act("DELETE", "faults/" + id));
  item.append(remove);
  return item;
}

// --- the sheet ------------------------------------------------------------------------------------

function showSheet(said) {
  sheet = said;
  tab = String(said.tab);
  $("#title").textContent = said.title;
  const guarded = said.protected ? `, ${said.protected} protected` : "";
  $("#facts").textContent = `${said.size[0].toLocaleString()} × ${said.size[1]} cells, ${said.locale}${guarded}`;
  showTabs();
  showNames();
  const fresh = lookingAt === book + "/" + tab ? before : null;
  lookingAt = book + "/" + tab;
  before = new Map();
  const top = sight.scrollTop, left = sight.scrollLeft;
  drawHead();
  drawRows(fresh);
  sight.setAttribute("aria-rowcount", said.size[0]);
  sight.setAttribute("aria-colcount", said.size[1]);
  if (sight.scrollTop !== top || sight.scrollLeft !== left) sight.scrollTo(left, top);
  mark();
}

function showTabs() {
  const focused = document.activeElement && document.activeElement.getAttribute("role") === "tab";
  $("#tabs").replaceChildren(...sheet.tabs.map((one) => {
    const current = String(one.id) === tab;
    const button = element("button", one.title + (one.hidden ? " (hidden)" : ""), { role: "tab", tabIndex: current ? 0 : -1 });
    button.setAttribute("aria-selected", current);
    button.classList.toggle("secret", one.hidden);
    if (one.colour) button.style.borderBottomColor = one.colour;
    button.addEventListener("click", () => open(book, String(one.id)));
    return button;
  }));
  if (focused) $("#tabs [aria-selected='true']")?.focus();
}

function showNames() {
  $("#names .count").textContent = sheet.named.length;
  $("#names").hidden = !sheet.named.length;
  $("#names ul").replaceChildren(...sheet.named.map((one) => element("li", `${one.name}: ${one.range}`)));
}

function drawHead() {
  const { items, before: gap, after } = sheet.columns;
  const columns = [element("col")], head = element("tr");
  columns[0].style.width = ROW_HEAD + "px";
  head.append(element("th"));
  let left = ROW_HEAD, total = ROW_HEAD;
  items.forEach(([index, width], place) => {
    if (place === sheet.frozen[1]) { space(columns, head, gap); total += gap; }
    const column = element("col");
    column.style.width = width + "px";
    columns.push(column);
    const name = element("th", letters(index), { scope: "col" });
    name.dataset.column = index;
    if (hiddenBefore(items, place, sheet.frozen[1])) name.style.borderLeft = "2px solid var(--accent)";
    if (place < sheet.frozen[1]) stay(name, "left", left, place === sheet.frozen[1] - 1);
    left += width;
    total += width;
    head.append(name);
  });
  space(columns, head, after);
  $("#sight table").style.width = total + after + "px";
  $("#sight colgroup").replaceChildren(...columns);
  $("#sight thead").replaceChildren(head);
}

function space(columns, head, width) {
  const column = element("col");
  column.style.width = width + "px";
  columns.push(column);
  head.append(element("td", "", { className: "space" }));
}

function stay(cell, side, pixels, last) {
  if (cell.classList.contains("still")) cell.classList.add("both");
  cell.classList.add("still");
  cell.style[side] = pixels + "px";
  if (last && side === "left") cell.classList.add("edge-column");
}

function hiddenBefore(items, place, frozen) {
  const index = items[place][0];
  if (place === 0) return index > 0;
  return place !== frozen && items[place - 1][0] !== index - 1;
}

function drawRows(fresh) {
  const { items, before: gap, after } = sheet.rows, rows = [], skip = new Set();
  const merges = new Map(sheet.merges.map((area) => [area[0] + ":" + area[1], area]));
  let top = HEAD;
  items.forEach(([index, height], place) => {
    if (place === sheet.frozen[0]) rows.push(blank(gap));
    const still = place < sheet.frozen[0];
    const row = element("tr", "", { className: still && place === sheet.frozen[0] - 1 ? "edge-row" : "" });
    row.style.height = height + "px";
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", index + 1);
    const name = element("th", index + 1, { scope: "row" });
    name.setAttribute("role", "rowheader");
    name.dataset.row = index;
    if (hiddenBefore(items, place, sheet.frozen[0])) name.classList.add("gap-before");
    if (still) stay(name, "top", top, false);
    row.append(name);
    drawCells(row, index, height, still ? top : null, merges, skip, fresh);
    top += height;
    rows.push(row);
  });
  rows.push(blank(after));
  $("#sight tbody").replaceChildren(...rows);
}

function blank(height) {
  const row = element("tr"), cell = element("td", "", { className: "space" });
  row.style.height = height + "px";
  row.setAttribute("aria-hidden", "true");
  row.append(cell);
  return row;
}

function drawCells(row, index, height, top, merges, skip, fresh) {
  const cells = sheet.cells[index] || {};
  let left = ROW_HEAD;
  sheet.columns.items.forEach(([column, width], place) => {
    if (place === sheet.frozen[1]) row.append(element("td", "", { className: "space" }));
    const still = place < sheet.frozen[1];
    if (!skip.has(index + ":" + column)) {
      const made = drawCell(index, column, cells[column] || {}, height, fresh);
      const merged = merges.get(index + ":" + column);
      if (merged) spread(made, merged, skip);
      if (top !== null) stay(made, "top", top, false);
      if (still) stay(made, "left", left, place === sheet.frozen[1] - 1);
      row.append(made);
    }
    left += width;
  });
  row.append(element("td", "", { className: "space" }));
}

function drawCell(row, column, cell, height, fresh) {
  const made = element("td", "", { id: `c${row}-${column}` });
  const inside = element("div", cell.t || "");
  inside.style.maxHeight = height - 1 + "px";
  made.append(inside);
  made.setAttribute("role", "gridcell");
  made.setAttribute("aria-colindex", column + 1);
  made.dataset.row = row;
  made.dataset.column = column;
  if (cell.n) { made.classList.add("note"); made.title = cell.n; }
  if (cell.s) look(made, sheet.styles[cell.s]);
  const { filter } = sheet;
  if (filter && row === filter.row && column >= filter.left && column < filter.right) {
    made.classList.add("marked");
    made.classList.toggle("used", filter.used.includes(column));
  }
  const key = row + ":" + column, text = JSON.stringify(cell);
  before.set(key, text);
  if (fresh && fresh.has(key) && fresh.get(key) !== text) made.classList.add("fresh");
  return made;
}

function look(cell, style) {
  const { style: css } = cell;
  if (style.bold) css.fontWeight = "700";
  if (style.italic) css.fontStyle = "italic";
  const lines = [style.underline && "underline", style.strikethrough && "line-through"].filter(Boolean);
  if (lines.length) css.textDecoration = lines.join(" ");
  if (style.back) { css.backgroundColor = style.back; css.color = "#000000"; }
  if (style.colour) css.color = style.colour;
  if (style.side) css.textAlign = style.side;
  if (style.height) css.verticalAlign = style.height;
  if (style.size) css.fontSize = style.size + "pt";
  cell.classList.toggle("wrap", Boolean(style.wrap));
}

function spread(cell, [top, left, bottom, right], skip) {
  const rows = sheet.rows.items.filter(([index]) => index >= top && index < bottom);
  const columns = sheet.columns.items.filter(([index]) => index >= left && index < right);
  for (const [row] of rows) for (const [column] of columns) skip.add(row + ":" + column);
  cell.rowSpan = rows.length;
  cell.colSpan = columns.length;
  cell.firstChild.style.maxHeight = rows.reduce((sum, [, height]) => sum + height, -1) + "px";
}

// --- choosing and typing --------------------------------------------------------------------------

function name(place = chosen) {
  return letters(place.column) + (place.row + 1);
}

function content(place = chosen) {
  const cell = (sheet && (sheet.cells[place.row] || {})[place.column]) || {};
  return cell.e !== undefined ? cell.e : cell.t || "";
}

function mark() {
  for (const old of document.querySelectorAll("#sight .chosen, #sight th.on")) old.classList.remove("chosen", "on");
  const cell = document.getElementById(`c${chosen.row}-${chosen.column}`);
  if (cell) cell.classList.add("chosen");
  $(`#sight th[data-row="${chosen.row}"]`)?.classList.add("on");
  $(`#sight th[data-column="${chosen.column}"]`)?.classList.add("on");
  if (cell) sight.setAttribute("aria-activedescendant", cell.id); else sight.removeAttribute("aria-activedescendant");
  $("#place").textContent = name();
  if (!typing) entry.value = content();
  return cell;
}

function choose(row, column) {
  chosen = { row, column };
  reveal(mark());
}

function reveal(cell) {
  if (!cell || (cell.classList.contains("still") && !cell.classList.contains("both"))) return;
  const rows = [...sight.querySelectorAll("th.still")], frame = sight.getBoundingClientRect();
  const edge = { top: frame.top + HEAD, left: frame.left + ROW_HEAD };
  for (const one of rows) {
    const box = one.getBoundingClientRect();
    if (one.dataset.row !== undefined) edge.top = Math.max(edge.top, box.bottom);
    if (one.dataset.column !== undefined) edge.left = Math.max(edge.left, box.right);
  }
  const box = cell.getBoundingClientRect();
  if (box.top < edge.top) sight.scrollTop -= edge.top - box.top;
  else if (box.bottom > frame.top + sight.clientHeight) sight.scrollTop += box.bottom - frame.top - sight.clientHeight;
  if (box.left < edge.left) sight.scrollLeft -= edge.left - box.left;
  else if (box.right > frame.left + sight.clientWidth) sight.scrollLeft += box.right - frame.left - sight.clientWidth;
}

function step(axis, index, by) {
  const items = sheet[axis].items.map(([one]) => one);
  const place = items.indexOf(index);
  const to = place < 0 ? items[0] : items[Math.min(items.length - 1, Math.max(0, place + by))];
  return to === undefined ? index : to;
}

function move(down, across) {
  choose(step("rows", chosen.row, down), step("columns", chosen.column, across));
}

function start(text) {
  typing = true;
  entry.focus();
  if (text !== undefined) entry.value = text; else entry.select();
}

function title() {
  return sheet.tabs.find((one) => String(one.id) === tab).title;
}

function edit(kind, args) {
  return act("POST", "person", { spreadsheetId: book, edit: kind, args: { tab: title(), ...args } });
}

const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-20, 0], PageDown: [20, 0] };

sight.addEventListener("keydown", (event) => {
  if (!sheet || event.ctrlKey || event.metaKey || event.altKey) return;
  if (steps[event.key]) move(...steps[event.key]);
  else if (event.key === "Home") choose(chosen.row, sheet.columns.items[0][0]);
  else if (event.key === "Enter" || event.key === "F2") start();
  else if (event.key === "Delete" || event.key === "Backspace") edit("clear_cells", { cells: name() });
  else if (event.key.length === 1) start(event.key);
  else return;
  event.preventDefault();
});

sight.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-row], [data-column]");
  if (!cell) return;
  const { row, column } = cell.dataset;
  typing = false;
  choose(row === undefined ? chosen.row : Number(row), column === undefined ? chosen.column : Number(column));
});
sight.addEventListener("dblclick", (event) => { if (event.target.closest("td")) start(); });
sight.addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(ask, 40); });

entry.addEventListener("input", () => { typing = true; });
entry.addEventListener("blur", () => { typing = false; if (sheet) mark(); });
entry.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  typing = false;
  mark();
  sight.focus();
});
$("#bar").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!sheet) return;
  const at = name(), text = entry.value;
  typing = false;
  sight.focus();
  edit("type", { at, text });
  move(1, 0);
});

$("#tools").addEventListener("click", (event) => {
  const kind = event.target.dataset && event.target.dataset.edit;
  if (!kind || !sheet) return;
  const by = letters(chosen.column), row = chosen.row + 1;
  if (kind === "sort") edit("sort", { by });
  else if (kind === "sort-down") edit("sort", { by, descending: true });
  else if (kind === "insert") edit("insert_rows", { row });
  else if (kind === "delete") edit("delete_rows", { row });
  else act("POST", "person/random", { spreadsheetId: book, seed: Math.floor(Math.random() * 1e9), never: ["trash"] });
});

$("#tabs").addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by || !sheet) return;
  const ids = sheet.tabs.map((one) => String(one.id));
  const place = (ids.indexOf(tab) + by + ids.length) % ids.length;
  open(book, ids[place]);
  event.preventDefault();
});

$("#faults").addEventListener("click", (event) => {
  const fault = event.target.dataset && event.target.dataset.fault;
  if (fault) act("POST", "faults", JSON.parse(fault), "Armed: " + event.target.textContent);
});
$("#clear").addEventListener("click", () => act("DELETE", "faults"));
$("#lag").addEventListener("change", (event) => act("PATCH", "lag", { seconds: event.target.checked ? 60 : 0 }));
$("#latency").addEventListener("change", (event) => act("PATCH", "latency", { on: event.target.checked }));
$("#quotas").addEventListener("change", (event) => act("PATCH", "quotas", { on: event.target.checked }));
$("#between").addEventListener("change", (event) => {
  if (!event.target.checked) return act("DELETE", "person/between");
  const seed = Math.floor(Math.random() * 1e9);
  return act("POST", "person/between", { spreadsheetId: book, seed, chance: 0.5, never: ["trash", "delete_columns"] });
});
$("#find").addEventListener("input", showFiles);
new ResizeObserver(() => { if (book) ask(); }).observe(sight);
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });

const [firstBook, firstTab] = location.hash.slice(1).split("/");
if (firstBook) open(firstBook, firstTab || ""); else ask();
