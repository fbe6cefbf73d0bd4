// What-if: weigh and rank again, as `evaluator` does. Points are shares of their sum.
(() => {
  const source = document.getElementById("whatif-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const said = data.words;
  const form = document.getElementById("weights-form");
  const status = document.getElementById("whatif-status");
  const table = document.getElementById("whatif-table");
  // A row is a place in the ranking; packages move from row to row.
  const rows = [...table.querySelectorAll("tbody > tr")];
  // Rows of a long one are laid out as grids, and would lose the roles of a table.
  const roles = { thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell",
    "th[scope=col]": "columnheader", "th[scope=row]": "rowheader" };
  if (table.classList.contains("long")) {
    table.setAttribute("role", "table");
    table.style.setProperty("--scores", data.agencies.length);
    for (const [part, role] of Object.entries(roles)) {
      table.querySelectorAll(part).forEach((one) => one.setAttribute("role", role));
    }
  }
  const titles = new Map(rows.map((row) => [row.dataset.package, row.querySelector(".title").textContent]));
  // What a cell says is kept beside it, for to ask the page takes as long as to write.
  const slot = (node) => {
    if (!node.firstChild) node.append("");
    return { letters: node.firstChild, text: node.textContent };
  };
  const lines = rows.map((row) => {
    const [link, title] = row.cells[4].children;
    return { row, link, id: slot(link), title: slot(title), cells: [...row.cells].map((cell, i) => (i === 4 ? null : slot(cell))) };
  });

  // A statement is one set of points: the influence, or one agency's weights.
  const stated = () => [
    statement("influence.shares", data.agencies.map((a) => a.influence), "w-influence-"),
    ...data.agencies.map((a, i) => statement(`agencies.${step(a.id)}.weights`, a.weights, `w-${i}-`)),
  ];
  const step = (id) => (id.includes(".") ? `"${id}"` : id);
  const statement = (path, shares, prefix) => ({ path, shares, points: shares.map((s) => 100 * s), prefix });
  let statements = stated();

  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const same = (s) => s.points.every((p, i) => p === 100 * s.shares[i]);
  // As the boxes are bounded.
  const sound = (p) => Number.isFinite(p) && p >= 0 && p <= 1000;
  const valid = (s) => s.points.every(sound) && sum(s.points) > 0;
  // What nobody touched stays as the run has it, to the last digit.
  const shares = (s) => (same(s) ? s.shares : s.points.map((p) => p / sum(s.points)));

  function weigh(of = statements) {
    const [influence, ...weights] = of.map(shares);
    return data.packages.map((p) => {
      const scores = data.agencies.map((a, i) =>
        sum(a.criteria.map((c, k) => weights[i][k] * data.levels[p.values[c]])));
      return { ...p, scores, now: sum(scores.map((score, i) => influence[i] * score)) };
    });
  }

  // Best first, those of one rank by id.
  function decided(rows) {
    const found = Decision.decide(data.rule, rows);
    rows.forEach((r, i) => {
      r.place = found[i].rank;
      r.now_priority = found[i].designated;
      r.tied = found[i].contested;
    });
    return rows.sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
  }

  // What is under a floor is shown with the decimals that part it from that.
  const shown = (score, floor) =>
    floor !== null && !Decision.meets(data.rule, score, floor) ? apart(score, floor) : fixed(score, 1);

  const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const write = (slot, text) => { if (slot.text !== text) slot.letters.data = slot.text = text; };
  const moved = (r) => {
    const by = r.rank - r.place;
    return by > 0 ? `▲ ${by} up` : by < 0 ? `▼ ${-by} down` : "same";
  };
  const standing = (r) => {
    if (r.tied) return "Tied at the cut";
    if (r.now_priority) return r.priority ? said.Priority : `${said.Priority}: enters`;
    return r.priority ? "No: leaves" : "No";
  };

  // Columns: rank, in the run, pinned, change, package, overall, priority, amount if any, agencies.
  const AMOUNT = data.amounts ? 1 : 0;

  function place({ row, link, id, title, cells }, r) {
    if (id.text !== r.id) {
      row.dataset.package = r.id;
      link.href = `#p-${r.id}`;
    }
    write(id, r.id);
    write(title, titles.get(r.id));
    [r.place, r.rank, Pin.rank(r.id), moved(r)].forEach((text, i) => write(cells[i], String(text)));
    write(cells[5], shown(r.now, data.rule.overall));
    write(cells[6], standing(r));
    if (AMOUNT) write(cells[7], r.amount);
    r.scores.forEach((score, i) => write(cells[7 + AMOUNT + i], shown(score, data.rule.agencies[i])));
    row.classList.toggle("moved", r.place !== r.rank);
    row.result = r;
  }

  function show() {
    const rows = decided(weigh());
    rows.forEach((r, i) => place(lines[i], r));
    table.removeAttribute("aria-busy");
    Pair.show(rows, statements.map(shares));
    announce(rows);
    command();
  }

  // Many events may come before the next frame; the table is ranked once for all of them.
  let frame;
  function change() {
    showShares();
    cancelAnimationFrame(frame);
    clearTimeout(waiting);
    const wrong = statements.filter((s) => !valid(s));
    if (wrong.length) {
      table.removeAttribute("aria-busy");
      status.textContent = `Points must be numbers from 0 to 1,000, and one of each group above 0: see ${wrong.map(title).join(", ")}. Until then the table keeps the last valid ranking.`;
      return;
    }
    table.setAttribute("aria-busy", "true");
    frame = requestAnimationFrame(show);
  }

  const title = (s) => alone(document.getElementById(`${s.prefix}0`).closest("details.group")?.querySelector("summary").textContent.trim() ?? "influence");

  const outputs = new Map([...form.querySelectorAll("output")].map((one) => [one.htmlFor.value, one]));
  function showShares() {
    for (const s of statements) {
      const total = sum(s.points);
      const fine = valid(s);
      s.points.forEach((p, i) => {
        put(outputs.get(`${s.prefix}${i}`), fine ? `${fixed(100 * p / total, 1)}\u00a0%` : "–");
      });
      showWrong(s, fine);
    }
  }

  // What is wrong stands below the boxes of its group, and each box that is wrong refers to it.
  function showWrong(s, fine) {
    const told = document.getElementById(`${s.prefix}wrong`);
    const none = s.points.every(sound);
    told.hidden = fine;
    put(told, fine ? "" : none ? "One of these must be above 0." : "Points must be numbers from 0 to 1,000.");
    s.points.forEach((p, i) => {
      const box = document.getElementById(`${s.prefix}${i}`);
      for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", told.id]]) {
        if (!fine && (none || !sound(p))) box.setAttribute(name, value); else box.removeAttribute(name);
      }
    });
  }

  // Why an address was refused: told until something is tried.
  let refused = "", waiting;
  function refuse(text) {
    refused = text;
    show();
  }
  function announce(rows) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (!statements.every(same)) refused = "";
      const told = refused ? [refused] : statements.every(same) ? ["As in the run."] : verdict(rows);
      status.replaceChildren(...told.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
      Trail.address(kept());
    }, 150);
    form.dispatchEvent(new CustomEvent("weighed", { detail: changed() }));
  }

  const named = (r) => `${alone(titles.get(r.id))} (${r.id})`;
  // Who enters and who leaves, in words; the amounts are those of the run, before anything moves.
  function verdict(rows) {
    const list = (label, found, more = () => "") => (found.length ? [`${label}: ${found.map((r) => named(r) + more(r)).join(", ")}.`] : []);
    const changed = rows.filter((r) => r.place !== r.rank).length;
    const held = (r) => (r.held ? `, which has ${r.held} in the run` : "");
    const from = (r) => `, rank ${r.rank} to ${r.place}`;
    return [
      ...list(`Now ${said.priority}`, rows.filter((r) => r.now_priority && !r.priority), from),
      ...list(`No longer ${said.priority}`, rows.filter((r) => !r.now_priority && r.priority), held),
      ...list("Tied at the cut", rows.filter((r) => r.tied)),
      `${changed} of ${rows.length} ${said.packages} change their rank; ${named(rows[0])} leads.`,
    ];
  }

  function locate(key) {
    const s = statements.find((one) => key.startsWith(one.prefix));
    return [s, Number(key.slice(s.prefix.length))];
  }

  form.addEventListener("input", (event) => {
    const key = event.target.dataset.key;
    if (!key) return;
    const [s, i] = locate(key);
    s.points[i] = event.target.value === "" ? NaN : Number(event.target.value);
    for (const other of form.querySelectorAll(`[data-key="${key}"]`)) {
      if (other !== event.target && !Number.isNaN(s.points[i])) other.value = s.points[i];
    }
    change();
  });
  // A step that can be undone is a slider let go, or a number left.
  form.addEventListener("change", () => Trail.keep(kept()));
  form.addEventListener("reset", () => {
    statements = stated();
    table.setAttribute("aria-busy", "true");
    setTimeout(() => { change(); Trail.keep(kept()); });
  });

  // What is tried: the points of each statement that is not as in the run, null of the others.
  const kept = () => ({ points: statements.map((s) => (same(s) ? null : [...s.points])), pinned: Pin.points() });
  function restore(state) {
    statements = stated();
    state.points.forEach((points, i) => { if (points) statements[i].points = [...points]; });
    for (const s of statements) {
      s.points.forEach((p, i) => {
        for (const box of form.querySelectorAll(`[data-key="${s.prefix}${i}"]`)) {
          box.value = Number.isNaN(p) ? "" : box.type === "range" || !same(s) ? p : box.defaultValue;
        }
      });
      const group = document.getElementById(`${s.prefix}0`).closest("details.group");
      if (group && !same(s)) group.open = true;
    }
    Pin.set(state.pinned);
    change();
  }
  const fits = (state) => [state.points, state.pinned ?? []].every((all) =>
    all.every((points, i) => !points || (points.length === statements[i]?.shares.length && valid({ points }))));

  // A second weighting beside the one that is tried.
  const Pin = (() => {
    const [pin, swap, unpin] = ["pin", "swap", "unpin"].map((name) => document.getElementById(`whatif-${name}`));
    const told = document.getElementById("whatif-pinned");
    let points = null, ranks = new Map();
    function set(given) {
      points = given;
      const of = stated();
      (given ?? []).forEach((each, i) => { if (each) of[i].points = each; });
      const rows = given ? decided(weigh(of)) : [];
      ranks = new Map(rows.map((r) => [r.id, r.place]));
      table.querySelectorAll(".pin").forEach((cell) => { cell.hidden = !given; });
      swap.hidden = unpin.hidden = told.hidden = !given;
      if (!given) return;
      const moved = of.flatMap((s, i) => (given[i] ? [`${title(s)} at ${shares(s).map((p) => `${fixed(100 * p, 1)} %`).join(", ")}`] : []));
      put(told, `Pinned: ${moved.join("; ") || "the run"}. ${given.some(Boolean) ? verdict(rows).join(" ") : ""}`);
    }
    const again = () => { change(); Trail.keep(kept()); };
    pin.addEventListener("click", () => { if (statements.every(valid)) { set(kept().points); again(); } });
    unpin.addEventListener("click", () => { set(null); again(); pin.focus(); });
    swap.addEventListener("click", () => {
      if (!statements.every(valid)) return;
      restore({ points, pinned: kept().points });
      Trail.keep(kept());
    });
    return { set, points: () => points, rank: (id) => ranks.get(id) ?? "" };
  })();

  // How to solve again what is tried, in one line of a shell.
  function command() {
    const told = document.getElementById("whatif-command");
    if (!told) return;
    told.hidden = data.conflict || statements.every(same);
    const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
    const set = (key, to) => `--set ${quoted(`${key}=${to}`)}`;
    put(told.querySelector("code"), ["evaluator run", data.extends,
      ...data.carried.map((c) => set(c.set, plain(c.new))),
      ...statements.flatMap((s, i) => (same(s) ? [] : [set(s.path, value(s, i))])),
      `--because ${quoted("tried out on the report")}`].join(" "));
  }

  // The file: JSON is YAML, numbers in full; the greatest share takes up what rounding leaves.
  function exact(parts) {
    const most = parts.indexOf(Math.max(...parts));
    return parts.map((p, i) => (i === most ? 1 - sum(parts.filter((_, k) => k !== most)) : p));
  }
  const mapping = (names, parts) => `{${exact(parts).map((p, i) => `${JSON.stringify(names[i])}: ${number(p)}`).join(", ")}}`;
  const number = (x) => (/e/.test(String(x)) ? x.toFixed(20) : String(x));

  function value(s, place) {
    if (place === 0) return mapping(data.agencies.map((a) => a.id), shares(s));
    const names = data.agencies[place - 1].criteria.map((c) => data.criteria[c]);
    return `{method: points, out_of: 1, confidence: illustrative, judgements: ${mapping(names, shares(s))}}`;
  }

  // The same as entries of a scenario, for a page that solves them.
  const shareOut = (names, parts) => Object.fromEntries(exact(parts).map((p, i) => [names[i], p]));
  const changed = () => statements.flatMap((s, place) => {
    if (same(s)) return [];
    if (place === 0) return [{ set: s.path, to: shareOut(data.agencies.map((a) => a.id), shares(s)) }];
    const names = data.agencies[place - 1].criteria.map((c) => data.criteria[c]);
    return [{ set: s.path, to: { method: "points", out_of: 1, confidence: "illustrative", judgements: shareOut(names, shares(s)) } }];
  });

  const plain = (x) => (/^\d{4}-\d\d-\d\d$/.test(x) ? x : JSON.stringify(x));

  function scenario(because, by) {
    const name = `${data.scenario}-what-if`;
    const signed = (who, day) => [...(who ? [`    by: ${JSON.stringify(who)}`] : []), ...(day ? [`    date: ${day}`] : [])];
    const own = by ? signed(by, today()) : [];
    const entries = statements.flatMap((s, i) => (same(s) && !data.forced.includes(s.path.replaceAll('"', "")) ? [] : [
      [`  - set: ${JSON.stringify(s.path)}`, `    to: ${value(s, i)}`,
        `    because: ${JSON.stringify(because)}`, ...own].join("\n")]));
    const carried = data.carried.map((c) =>
      [`  - set: ${JSON.stringify(c.set)}`, `    to: ${plain(c.new)}`, `    because: ${JSON.stringify(c.because)}`, ...signed(c.by, c.date)].join("\n"));
    return [
      ...(said.stamp ? [`# ${said.stamp.replace(/\s+/g, " ")}`] : []),
      `# Tried out on the report of ${data.run}.`,
      `# Keep this file beside ${data.extends}, which it extends, and: evaluator run ${name}.yaml`,
      `scenario: ${JSON.stringify(name)}`, `title: ${JSON.stringify(`What if: ${data.scenario} under other weights`)}`,
      `extends: ${JSON.stringify(data.extends)}`,
      ...(entries.length + carried.length ? ["changes:", ...carried, ...entries] : []), "",
    ].join("\n");
  }

  function today() {
    const now = new Date(), two = (n) => String(n).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  document.getElementById("takeaway")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const told = document.getElementById("takeaway-status");
    if (!statements.every(valid)) { told.textContent = "Some points are not valid yet."; return; }
    if (data.conflict) { told.textContent = "This run was changed on the command line in its influence or weights as a whole: write that into a scenario file first."; return; }
    const fields = new FormData(event.target);
    const text = scenario(fields.get("because").trim(), fields.get("by").trim());
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
    link.download = `${data.scenario}-what-if.yaml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    told.textContent = `${link.download} is on its way to your downloads. Move it beside ${data.extends}.`;
  });

  // What gets the focus stops below the verdict, however much that says.
  const margin = new ResizeObserver(() => {
    const covers = getComputedStyle(status).position === "sticky";
    form.closest(".bench").style.setProperty("--covered", covers ? `${status.offsetHeight}px` : "0px");
  });
  margin.observe(status);

  form.closest(".whatif").hidden = false;
  Pair.open(data);
  Trail.open({ run: data.run, section: form.closest("section"), fits, restore, refuse });
})();
