// Two packages side by side, under the weights that are tried.
const Pair = (() => {
  const box = document.getElementById("whatif-pair"), MOST = 8;
  const sides = box ? [...box.querySelectorAll("select")] : [];
  const all = document.getElementById("whatif-pair-all");
  let last, data, every = false;

  // Of many, those that part the two most, unless all are asked for.
  const apart = ([, a, b]) => Math.abs(a - b);
  const most = (found) => (every || found.length <= MOST ? found : [...found].sort((a, b) => apart(b) - apart(a)).slice(0, MOST));

  // What each agency gives to the overall score, and each criterion.
  function parts(one, other, [influence, ...weights]) {
    const agencies = data.agencies.map((a, i) => [a.name, influence[i] * one.scores[i], influence[i] * other.scores[i]]);
    const effective = new Map();
    data.agencies.forEach((a, i) => a.criteria.forEach((c, k) => {
      const [label, weight] = effective.get(c) ?? [a.labels[k], 0];
      effective.set(c, [label, weight + influence[i] * weights[i][k]]);
    }));
    const worth = (r, c) => data.levels[r.values[c]];
    const criteria = [...effective].map(([c, [label, weight]]) => [label, weight * worth(one, c), weight * worth(other, c)])
      .sort((a, b) => apart(b) - apart(a));
    left([[agencies, data.words.agencies], [criteria, "criteria"]]);
    return [["Overall score", one.now, other.now], ...most(agencies), ...most(criteria)];
  }

  // The control says how many it shows besides, and of what.
  function left(lists) {
    const over = lists.filter(([list]) => list.length > MOST).map(([list, name]) => `${list.length - MOST} ${name}`);
    all.hidden = !over.length;
    all.textContent = every ? `Only the ${MOST} that part them most` : `Show the other ${over.join(" and ")}`;
  }

  function line(cells, strong) {
    const row = document.createElement("tr");
    cells.forEach((text, i) => {
      const cell = document.createElement(i ? "td" : "th");
      if (!i) cell.scope = "row";
      if (strong) cell.className = "strong";
      cell.textContent = text;
      row.append(cell);
    });
    return row;
  }

  const signed = (x) => (fixed(x, 1) === "0.0" ? "0.0" : x > 0 ? `+${fixed(x, 1)}` : fixed(x, 1));

  function draw() {
    const [one, other] = sides.map((side) => last.rows.find((r) => r.id === side.value));
    const heads = box.querySelectorAll("thead th");
    [one, other].forEach((r, i) => { heads[i + 1].textContent = r.id; });
    heads[3].textContent = `${one.id} ahead by, points`;
    const found = parts(one, other, last.shares);
    box.querySelector("tbody").replaceChildren(...found.map(([what, a, b], i) =>
      line([what, fixed(a, 1), fixed(b, 1), signed(a - b)], i === 0)));
    const place = (r) => `${r.id} is rank ${r.place}${r.now_priority && data.words.priority ? `, ${data.words.priority}` : ""}`;
    box.querySelector(".told").textContent =
      `${place(one)}; ${place(other)}. Points of the overall score by ${data.words.agency ? `${data.words.agency}, then by ` : ""}criterion${all.hidden || every ? "" : `: the ${MOST} that part them most`}.`;
  }

  function show(rows, shares) {
    last = { rows, shares };
    if (box.open) draw();
  }

  // The two on either side of the cut, else the first two.
  function open(given) {
    data = given;
    const ids = data.packages.map((p) => p.id), inside = data.packages.map((p) => p.priority).lastIndexOf(true);
    const first = inside >= 0 && inside + 1 < ids.length ? inside : 0;
    [first, Math.min(first + 1, ids.length - 1)].forEach((place, i) => { sides[i].value = ids[place]; });
    box.addEventListener("toggle", () => { if (box.open) draw(); });
    for (const side of sides) side.addEventListener("change", draw);
    all.addEventListener("click", () => { every = !every; draw(); });
  }

  return { open, show };
})();
