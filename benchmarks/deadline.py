"""How well one deadline is kept: rounds of 3,000 packages with `time_limit_s: 5`.

Seconds of wall clock, since that is what the deadline is about, beside processor seconds: where the
two are apart, others used the machine. What stands at the end is certified, or the run stops.
"""

from __future__ import annotations

from time import perf_counter, process_time

from benchmarks._baseline_rounds import like_the_baseline
from evaluator.allocation import allocate

PACKAGES, SECONDS, SEEDS = 3_000, 5.0, 3


def main() -> None:
    """Print a row a round."""
    print(f"{'round':>6}{'wall s':>9}{'processor s':>13}{'status':>13}{'gap %':>9}  cut by time")
    for seed in range(SEEDS):
        one = like_the_baseline(PACKAGES, seed=seed)
        study = one.study.with_allocation(time_limit_s=SECONDS)
        began, used = perf_counter(), process_time()
        found = allocate(study, one.scores, list(one.scores))
        wall, processor = perf_counter() - began, process_time() - used
        if found.certificate:
            raise RuntimeError(f"round {seed}: {found.certificate}")
        gap = f"{100 * found.gap:.3f}" if found.status in ("optimal", "feasible") else "-"
        cut = ", ".join(found.cut_by_time) or "nothing"
        print(
            f"{seed:>6}{wall:>9.1f}{processor:>13.1f}{found.status:>13}{gap:>9}  {cut}", flush=True
        )


if __name__ == "__main__":
    main()
