"""Times SciPy on two files of little-endian float64 and prints JSON.

Driven by BenchmarkAgainstSciPy of analysis/stat (go test -bench SciPy
./analysis/stat), which is skipped where Python, NumPy or SciPy is missing; the
variable PYTHON names another interpreter. Written against scipy==1.17.1 and
numpy==2.4.6. The best of a few runs counts, on both sides.
"""

import json
import sys
import time

import numpy as np
import scipy
from scipy import special, stats

x, y = (np.fromfile(path, dtype="<f8") for path in sys.argv[1:3])
runs = int(sys.argv[3])


def timed(function):
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        best = min(best, time.perf_counter() - start)
    return best, result


def kolmogorov():
    seconds, r = timed(lambda: stats.ks_2samp(x, y, method="asymp"))
    limit = special.kolmogorov(r.statistic * np.sqrt(len(x) * len(y) / (len(x) + len(y))))
    return seconds, {"d": r.statistic, "p": limit}


def mann_whitney():
    seconds, r = timed(lambda: stats.mannwhitneyu(x, y, method="asymptotic"))
    return seconds, {"u": r.statistic, "p": r.pvalue}


def wasserstein():
    seconds, r = timed(lambda: stats.wasserstein_distance(x, y))
    return seconds, {"w1": r}


answer = {"scipy": scipy.__version__, "numpy": np.__version__, "tests": {}}
for name, function in {"ks": kolmogorov, "mann-whitney": mann_whitney, "wasserstein": wasserstein}.items():
    seconds, values = function()
    answer["tests"][name] = {"seconds": seconds, "values": {k: float(v) for k, v in values.items()}}
print(json.dumps(answer))
