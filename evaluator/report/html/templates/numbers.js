// Numbers as every other medium writes them: half away from zero, of the shortest decimal that reads
// back. Held to vectors that the engine's own function writes.
const fixed = (value, decimals) => {
  const digits = rounded(value, decimals);
  const text = digits.padStart(decimals + 1, "0"), cut = text.length - decimals;
  const whole = text.slice(0, cut);
  const grouped = cut > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return (value < 0 && digits !== "0" ? "\u2212" : "") + (decimals ? `${grouped}.${text.slice(cut)}` : grouped);
};

// The digits of a number at so many decimals. Well off a half they are what its double says.
const rounded = (value, decimals) => {
  const scaled = Math.abs(value) * 10 ** decimals, lower = Math.floor(scaled);
  if (scaled < 1e9 && Math.abs(scaled - lower - 0.5) > 1e-3) return String(Math.round(scaled));
  const [, whole, part = "", power = 0] = /^-?(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  const digits = whole + part, kept = whole.length + Number(power) + decimals;
  const padded = (kept < 0 ? "" : digits.slice(0, kept)).padEnd(Math.max(kept, 0), "0");
  const up = kept >= 0 && kept < digits.length && digits[kept] >= "5" ? 1n : 0n;
  return String(BigInt(padded || "0") + up);
};

// As many decimals as part a number from the bound that it is set against.
const apart = (value, bound, decimals = 1) => {
  let n = decimals;
  while (value !== bound && n < 12 && fixed(value, n) === fixed(bound, n)) n += 1;
  return fixed(value, n);
};

// A name that is written from right to left stands by itself, and turns nothing round beside it.
const alone = (text) => (/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text);
