// What was tried: steps to undo and to do again, and the address that holds the present one.
const Trail = (() => {
  const mark = "#whatif", steps = [];
  let at = -1, page;
  const undo = document.getElementById("whatif-undo"), redo = document.getElementById("whatif-redo");

  // A part for each statement that is not as in the run: its place and its points.
  const parts = (all, letter) => (all ?? []).flatMap((points, i) => (points ? [`${letter}${i}=${points.join(",")}`] : []));
  const text = (state) => [...parts(state.points, "w"), ...(state.pinned ? ["pin", ...parts(state.pinned, "p")] : [])];

  function read(fragment) {
    const [head, run, ...found] = decodeURIComponent(fragment).split(";");
    if (head !== mark) return null;
    const state = { run, points: [], pinned: found.includes("pin") ? [] : null };
    for (const part of found) {
      const [, letter, place, points] = /^([wp])(\d+)=([\d.,e+-]+)$/.exec(part) ?? [];
      const all = letter === "p" ? state.pinned : state.points;
      if (all && letter) all[Number(place)] = points.split(",").map(Number);
    }
    return state;
  }

  function address(state) {
    const found = text(state), fragment = `${mark};${page.run};${found.join(";")}`;
    if (!found.length && read(location.hash) === null) return;
    if (location.hash !== fragment) history.replaceState(null, "", found.length ? fragment : mark);
  }

  function keep(state) {
    if (at >= 0 && text(steps[at]).join() === text(state).join()) return;
    steps.splice(at + 1, steps.length, state);
    at = steps.length - 1;
    buttons();
  }

  function go(by) {
    at += by;
    page.restore(steps[at]);
    buttons();
  }

  // A button that is switched off under the focus hands it to the other.
  function buttons() {
    const held = document.activeElement;
    undo.disabled = at <= 0;
    redo.disabled = at >= steps.length - 1;
    if (held.disabled) (held === undo ? redo : undo).focus();
  }

  function arrive() {
    const state = read(location.hash);
    if (!state) return false;
    if (state.run !== page.run || !page.fits(state)) {
      page.refuse(`The address holds a weighting of another run (${state.run}); this one stays as it is.`);
      return false;
    }
    page.restore(state);
    keep(state);
    const part = page.section.querySelector(":scope > details");
    if (part) part.open = true;
    page.section.scrollIntoView();
    return true;
  }

  function open(given) {
    page = given;
    const nothing = { points: [], pinned: null };
    keep(nothing);
    if (!arrive()) page.restore(nothing);
    undo.addEventListener("click", () => go(-1));
    redo.addEventListener("click", () => go(1));
    addEventListener("hashchange", arrive);
  }

  return { open, keep, address };
})();
