// The rule of decision, as the run applies it: what is tied, who competes, who enters.
const Decision = (() => {
  // Scores in which those that are tied are equal: neighbours in the order within `tie` are linked.
  function levels(scores, tie) {
    const order = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a]);
    const found = [...scores];
    order.forEach((at, i) => {
      if (i && scores[order[i - 1]] - scores[at] <= tie) found[at] = found[order[i - 1]];
    });
    return found;
  }

  // 1, 2, 2, 4: one more than there are better scores.
  function ranks(scores, tie) {
    const found = levels(scores, tie), order = found.map((_, i) => i).sort((a, b) => found[b] - found[a]);
    const places = [];
    order.forEach((at, i) => {
      places[at] = i && found[at] === found[order[i - 1]] ? places[order[i - 1]] : i + 1;
    });
    return places;
  }

  const meets = (rule, score, floor) => score >= floor - rule.tie;

  // Floors, then the best for the places that named includes leave; who is tied at the cut waits.
  // rule: overall, agencies (a floor each, or null), places (or null), tie, parts (whether a tie-break does).
  // rows: now, scores (by agency), included, barred, part (the value that parts, or null); one answer a row.
  function decide(rule, rows) {
    const competes = (r) => !r.included && !r.barred && meets(rule, r.now, rule.overall) &&
      rule.agencies.every((floor, i) => floor === null || meets(rule, r.scores[i], floor));
    const rank = ranks(rows.map((r) => r.now), rule.tie), competing = rows.map(competes);
    const among = rank.filter((_, i) => competing[i]).sort((a, b) => a - b);
    const places = rule.places === null ? rows.length
      : Math.max(0, rule.places - rows.filter((r) => r.included).length);
    const cut = among.length > places ? among[places] : Infinity;
    const taken = rank.map((place, i) => competing[i] && place < cut);
    const left = places - taken.filter(Boolean).length;
    let tied = rank.map((place, i) => left > 0 && competing[i] && place === cut);
    if (rule.parts) {
      const high = levels(rows.map((r) => (r.part === null ? -1 : r.part)), rule.tie);
      const enters = tied.map((is, i) => is && tied.filter((t, j) => t && high[j] >= high[i]).length <= left);
      const top = Math.max(...high.filter((_, i) => tied[i] && !enters[i]), -Infinity);
      const spare = enters.filter(Boolean).length < left;
      tied = tied.map((is, i) => is && !enters[i] && spare && high[i] === top);
      enters.forEach((is, i) => { taken[i] = taken[i] || is; });
    }
    return rows.map((r, i) => ({
      rank: rank[i],
      designated: r.included || taken[i],
      contested: tied[i],
    }));
  }

  return { levels, ranks, meets, decide };
})();
