// Numbers as every other medium writes them: half away from zero, of the shortest decimal that reads
// back. Held to vectors that the engine's own function writes.
const fixed = (value, decimals) => {
  const [, sign, whole, part = "", power = 0] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  const digits = whole + part, point = whole.length + Number(power), kept = point + decimals;
  const padded = (kept < 0 ? "" : digits.slice(0, kept)).padEnd(Math.max(kept, 0), "0");
  const up = kept >= 0 && kept < digits.length && digits[kept] >= "5" ? 1n : 0n;
  const text = String(BigInt(padded || "0") + up).padStart(decimals + 1, "0");
  const cut = text.length - decimals;
  const grouped = text.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",") + (decimals ? `.${text.slice(cut)}` : "");
  return (sign && /[1-9]/.test(text) ? "\u2212" : "") + grouped;
};

// As many decimals as part a number from the bound that it is set against.
const apart = (value, bound, decimals = 1) => {
  let n = decimals;
  while (value !== bound && n < 12 && fixed(value, n) === fixed(bound, n)) n += 1;
  return fixed(value, n);
};

// A name that is written from right to left stands by itself, and turns nothing round beside it.
const alone = (text) => (/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text);
