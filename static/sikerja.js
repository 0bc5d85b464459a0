"use strict";
/* Sikerja: what the script adds. Every screen works without it, but for the type-ahead. */

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/* ---------- Menus: one open at a time, Esc and a press outside close them ---------- */

function closeMenus(except) {
  for (const menu of $$("details.sk-menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

function closeWithEscape(event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const open = event.target.closest("details.sk-menu[open], details.sk-fold[open]") || $("details.sk-menu[open]");
  if (!open) return;
  open.open = false;
  $("summary", open).focus();
}

function startMenus() {
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", closeWithEscape);
}

/* ---------- Selects that reload the list at once ---------- */

function startAutosubmit() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });
}

/* ---------- Choosing rows ---------- */

function startList(list) {
  const bar = $("[data-bulk]", list);
  if (!bar) return;
  // The bar comes before the toolbar it covers, so that Tab reaches it where it is seen.
  const place = document.createElement("div");
  place.className = "sk-bulk-place";
  place.append(bar);
  list.prepend(place);

  const boxes = $$('input[name="rowid"]', list);
  const all = $("[data-all]", list);
  const counter = $("[data-chosen]", bar);

  function show() {
    const chosen = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr").classList.toggle("is-chosen", box.checked);
    list.classList.toggle("is-choosing", chosen > 0);
    const number = document.createElement("strong");
    number.textContent = chosen;
    counter.replaceChildren(...(chosen ? [number, " dipilih"] : []));
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }

  function chooseAll(checked) {
    for (const box of boxes) box.checked = checked;
    show();
  }

  list.addEventListener("change", (event) => {
    if (event.target === all) chooseAll(all.checked);
    else if (event.target.name === "rowid") show();
  });
  $("[data-unchoose]", bar).addEventListener("click", () => {
    const first = boxes.find((box) => box.checked);
    chooseAll(false);
    (first || all).focus();
  });
  // The browser restores ticked boxes on the way back.
  window.addEventListener("pageshow", show);
  show();
}

/* A cut title shows in full on hover; set here, as 50 title attributes would double the page. */
function startCutTitles() {
  document.addEventListener("mouseover", (event) => {
    const cell = event.target.closest(".sk-table td, .sk-table th a");
    if (cell && !cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent.trim();
  });
}

/* ---------- Type-ahead (combobox after the ARIA authoring practices) ---------- */

const LEAST = 2;
const PAUSE = 200;

function startCombobox(box) {
  const input = $('[role="combobox"]', box);
  const options = $('[role="listbox"]', box);
  const status = $(".sk-combo-status", box);
  const list = $(".sk-chosen-list", box);
  const template = $("template", box);
  const multiple = "multiple" in box.dataset;
  let timer = 0;
  let asked = 0;
  let active = -1;

  function close() {
    options.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function shut() {
    clearTimeout(timer);
    asked += 1;
    close();
    status.textContent = "";
  }

  function mark(index) {
    const items = [...options.children];
    if (!items.length) return;
    active = (index + items.length) % items.length;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === active)));
    input.setAttribute("aria-activedescendant", items[active].id);
    items[active].scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    const taken = $$('input[type="hidden"]', list).map((hidden) => hidden.value);
    const fresh = found.filter(([id]) => !taken.includes(String(id)));
    options.replaceChildren(...fresh.map(([id, text], n) => {
      const item = document.createElement("li");
      item.id = `${options.id}-${n}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.value = id;
      item.textContent = text;
      return item;
    }));
    close();
    if (fresh.length) {
      options.hidden = false;
      input.setAttribute("aria-expanded", "true");
    }
    status.textContent = fresh.length ? `${fresh.length} hasil` : "Tidak ada yang cocok.";
  }

  async function look() {
    const query = input.value.trim();
    const mine = ++asked;
    if (query.length < LEAST) {
      close();
      status.textContent = "";
      return;
    }
    const url = new URL(box.dataset.lookup, location.href);
    url.searchParams.set("name", box.dataset.field);
    url.searchParams.set("query", query);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const found = await answer.json();
      if (mine === asked) show(found); // a slower, older answer must not replace a newer one
    } catch {
      if (mine !== asked) return;
      close();
      status.textContent = "Pencarian gagal. Coba lagi.";
    }
  }

  function name(item, text) {
    $("[data-name]", item).textContent = text;
    for (const button of $$("button", item)) {
      button.setAttribute("aria-label", `${"up" in button.dataset ? "Naikkan" : "Hapus"} ${text}`);
    }
  }

  function changed() {
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The focus lands on the item, never on its Hapus button: a second Enter would undo the choice.
  function land(item) {
    item.tabIndex = -1;
    item.focus();
  }

  function choose(option) {
    const item = template.content.firstElementChild.cloneNode(true);
    $('input[type="hidden"]', item).value = option.dataset.value;
    name(item, option.textContent);
    if (!multiple) list.replaceChildren();
    list.append(item);
    input.value = "";
    shut();
    status.textContent = `${option.textContent} dipilih`;
    if (!multiple) land(item);
    changed();
  }

  function drop(item) {
    const text = $("[data-name]", item).textContent;
    item.remove();
    status.textContent = `${text} dihapus`;
    input.focus();
    changed();
  }

  function raise(item) {
    const before = item.previousElementSibling;
    if (before) before.before(item);
    if (item.previousElementSibling) $("[data-up]", item).focus();
    else land(item); // the first has no button to raise it
    status.textContent = `${$("[data-name]", item).textContent} di urutan ${[...list.children].indexOf(item) + 1}`;
    changed();
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    const open = !options.hidden;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      if (open) mark(active + 1);
      else look();
    } else if (event.key === "ArrowUp" && open) {
      event.preventDefault();
      mark(active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter") {
      event.preventDefault(); // Enter picks; it must never send the form from here
      if (open && active >= 0) choose(options.children[active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      shut();
    }
  });
  input.addEventListener("blur", shut);
  // What was typed stays when the focus goes, and its answer comes back with the focus.
  input.addEventListener("focus", () => { if (input.value.trim()) look(); });
  // The press must not take the focus away before the click has chosen.
  options.addEventListener("mousedown", (event) => event.preventDefault());
  options.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) choose(option);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const item = button.closest("li");
    if ("up" in button.dataset) raise(item);
    else drop(item);
  });
  // CSS asks whether the list is empty, so white space must not count.
  if (!list.children.length) list.replaceChildren();
  // On a slow machine somebody has typed before this script came.
  if (document.activeElement === input) look();
}

/* ---------- What one choice suggests for another, as long as nobody has chosen that one by hand ---------- */

function startSuggestions(select) {
  const other = document.getElementById(select.dataset.suggests);
  const fitting = JSON.parse(select.dataset.suggestions);
  let byHand = Boolean(other.value);
  other.addEventListener("change", () => { byHand = true; });
  select.addEventListener("change", () => {
    if (!byHand) other.value = fitting[select.value] || "";
  });
}

/* ---------- The end date computed from the duration, shown before saving ---------- */

function startTerm(line) {
  const form = line.closest("form");
  const button = line.parentElement.querySelector("[data-use-term]");
  const names = ["duration", "starts_on", "signed_on"];
  let timer = 0;
  let asked = 0;
  let ends = "";

  async function compute() {
    const mine = ++asked;
    const url = new URL(line.dataset.termUrl, location.href);
    for (const key of names) url.searchParams.set(key, form.elements[key]?.value ?? "");
    let term = {};
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok) term = await answer.json();
    } catch {
      // Without an answer the line stays empty; the server computes again on saving.
    }
    if (mine !== asked) return;
    ends = term.ends_on || "";
    line.textContent = term.text || "";
    button.hidden = !ends || !form.elements.ends_on || form.elements.ends_on.value === ends;
  }

  form.addEventListener("input", (event) => {
    if (!names.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(compute, PAUSE);
  });
  button.addEventListener("click", () => {
    form.elements.ends_on.value = ends;
    form.elements.ends_on.focus();
    button.hidden = true;
  });
  if (form.elements.duration?.value) compute();
}

/* ---------- Contents list: marks the section in view ---------- */

function startContents(nav) {
  const links = $$("a", nav);
  const seen = new Map(links.map((link) => [document.getElementById(link.hash.slice(1)), false]));
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) seen.set(entry.target, entry.isIntersecting);
    const first = [...seen].findIndex(([, visible]) => visible);
    if (first < 0) return;
    links.forEach((link, n) => {
      if (n === first) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }, { rootMargin: "-60px 0px -30% 0px" });
  for (const section of seen.keys()) if (section) watcher.observe(section);
}

/* ---------- Small things ---------- */

function startReveal() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (!button) return;
    const input = document.getElementById(button.dataset.reveal);
    const plain = input.type === "password";
    input.type = plain ? "text" : "password";
    button.setAttribute("aria-pressed", String(plain));
  });
}

function startClosing() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-close]");
    if (!button) return;
    button.parentElement.remove();
    $("#isi").focus();
  });
}

/* A file that is too large is not even sent: the server would refuse it, and with it all that was typed beside it. */
function startLargest(input) {
  const told = document.createElement("p");
  told.className = "sk-err";
  told.setAttribute("role", "alert");
  input.before(told);
  input.addEventListener("change", () => {
    const most = Number(input.dataset.largest);
    const megabytes = (bytes) => Math.ceil(bytes / 1048576);
    const large = [...input.files].find((file) => file.size > most);
    told.textContent = large
      ? `“${large.name}” ${megabytes(large.size)} MB, paling besar ${megabytes(most)} MB. Pilih berkas yang lebih kecil.`
      : "";
    if (large) input.value = "";
  });
}

/* A link of the error summary leads to the control itself; of one that is hidden, to what stands in its place. */
function startErrors() {
  $("[data-focus]")?.focus();
  for (const link of $$(".sk-summary a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const target = document.getElementById(link.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      (target.closest(".sk-field") || target).scrollIntoView({ block: "center" });
      target.focus();
    });
  }
}

document.documentElement.classList.add("js");
startMenus();
startAutosubmit();
startCutTitles();
startReveal();
startClosing();
$$("[data-list]").forEach(startList);
$$("[data-combo]").forEach(startCombobox);
$$("[data-largest]:not(form)").forEach(startLargest);
$$("[data-suggests]").forEach(startSuggestions);
$$("[data-term-url]").filter((line) => line.dataset.termUrl).forEach(startTerm);
$$("[data-contents]").forEach(startContents);
startErrors();
