"use strict";
// Sort, filter, regions that scroll, and packages that open: the page reads without any of it.
(() => {
  // Tables of class "sortable" get a button in each head; what has no number stays last. A cell may
  // state what it is sorted by.
  const key = (cell) => cell.dataset.order ?? cell.textContent.trim();
  const number = (cell) => Number.parseFloat(key(cell).replace(/[,−]/g, (c) => (c === "−" ? "-" : "")));
  function compare(column, numeric, down) {
    return (a, b) => {
      const [x, y] = [a.cells[column], b.cells[column]];
      if (!numeric) return (down ? -1 : 1) * key(x).localeCompare(key(y), "en", { numeric: true });
      const [m, n] = [number(x), number(y)];
      if (Number.isNaN(m) || Number.isNaN(n)) return Number.isNaN(m) - Number.isNaN(n);
      return down ? n - m : m - n;
    };
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
    const original = [...body.rows];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const numeric = head.matches(".n, [data-number]");
        const first = numeric && !head.hasAttribute("data-up") ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const next = head.getAttribute("aria-sort") === first ? other : first;
        heads.forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", next);
        body.append(...[...original].sort(compare(column, numeric, next === "descending")));
      });
    });
  }

  // One filter: words of id and title, a status, and a tier where there is one.
  const filter = document.getElementById("ranked-filter");
  if (filter) {
    const rows = [...document.getElementById("ranked").tBodies[0].rows];
    const [words, choices] = [filter.querySelector("input"), [...filter.querySelectorAll("select")]];
    const count = filter.querySelector("output");
    const apply = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.querySelector("th").textContent.toLowerCase();
        const fits = wanted.every((w) => text.includes(w)) && choices.every((c) => !c.value || row.dataset[c.dataset.by] === c.value);
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = `${shown} of ${rows.length} ${filter.dataset.packages} shown`;
    };
    filter.addEventListener("input", apply);
    filter.hidden = false;
    apply();
  }

  // A table wider or taller than its place can be scrolled by keyboard, and says what it is.
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target: box }) => {
    const over = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
    const label = box.dataset.label;
    for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-labelledby", label]]) {
      if (over) box.setAttribute(name, value); else box.removeAttribute(name);
    }
  }));
  document.querySelectorAll(".scroll").forEach((box) => sizes.observe(box));

  // A large report carries its packages packed: each is put in place when it is opened, or to print.
  const packages = [...document.querySelectorAll("details.package")];
  let bodies = [];
  function place(fold) {
    const number = packages.indexOf(fold);
    if (!bodies[number]) return;
    fold.insertAdjacentHTML("beforeend", bodies[number]);
    bodies[number] = "";
    fold.querySelectorAll(".scroll").forEach((box) => sizes.observe(box));
  }
  async function unpack(packed) {
    const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    bodies = (await new Response(stream).text()).split("<hr>");
    packages.filter((fold) => fold.open).forEach(place);
  }
  const packed = document.getElementById("packed");
  if (packed) {
    // Hidden at once, so that nothing moves under a pointer; it stays where nothing can be unpacked.
    const notice = document.getElementById("unpacking");
    notice.hidden = true;
    unpack(packed).then(() => notice.remove(), () => { notice.hidden = false; });
  }
  document.addEventListener("toggle", ({ target }) => { if (target.open) place(target); }, true);

  // Parts are folded in the file; what a link or a search leads to is opened, and all to print but packages and
  // the rests of long tables, which print where a reader has opened them.
  const folds = [...document.querySelectorAll("details.fold")];
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id ? document.getElementById(id) : null;
    const closed = [];
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) closed.push(fold);
    const inside = target?.querySelector(":scope > details.part");
    if (inside) closed.push(inside);
    const opened = closed.filter((fold) => !fold.open);
    opened.forEach((fold) => { fold.open = true; });
    if (opened.length) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => { if (event.target.closest("a[href^='#']")) setTimeout(reveal); });
  let folded = [];
  const onRequest = ".rest, .package";
  addEventListener("beforeprint", () => {
    packages.filter((fold) => fold.open).forEach(place);
    folded = folds.filter((fold) => !fold.open && !fold.matches(onRequest));
    folded.forEach((fold) => { place(fold); fold.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((fold) => { fold.open = false; }));
  const all = document.getElementById("all-packages");
  if (all) {
    all.closest("p").hidden = false;
    all.addEventListener("click", () => {
      const open = all.getAttribute("aria-pressed") !== "true";
      all.setAttribute("aria-pressed", open);
      packages.forEach((fold) => { fold.open = open; });
    });
  }
  reveal();
})();
