package stat

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// sparse is the expected count below which a cell is doubtful (Cochran 1954).
const sparse = 5

// Pooling says what becomes of cells that expect fewer than five.
type Pooling uint8

// The poolings.
const (
	// KeepSparse keeps them and warns.
	KeepSparse Pooling = iota
	// PoolNeighbours merges a sparse cell with the ones beside it: for histograms.
	PoolNeighbours
	// PoolRest merges all sparse cells into one: for categories.
	PoolRest
)

// ChiSquaredResult is Pearson's test.
type ChiSquaredResult struct {
	// X2 is the sum of (observed - expected)^2 / expected, without Yates' correction.
	X2 float64
	// DF is the number of degrees of freedom.
	DF float64
	// P is the upper tail.
	P float64
	// Cells is the number of columns left after pooling.
	Cells int
	Basis
}

// ChiSquared tests whether the rows of a table of counts have the same
// distribution over the columns (Pearson 1900). Columns that are empty in all rows
// are left out. N holds the row totals.
func ChiSquared(rows [][]float64, pooling Pooling) (ChiSquaredResult, error) {
	const op = "chi-squared"
	r := ChiSquaredResult{}
	columns, err := r.columns(op, rows)
	if err != nil {
		return ChiSquaredResult{}, err
	}
	total := sum(r.N)
	columns = r.pool(columns, pooling)
	if r.Cells = len(columns); r.Cells < 2 || len(rows) < 2 {
		return ChiSquaredResult{}, fmt.Errorf("%s: %w: %d rows and %d cells left, need 2 each", op, ErrTooFew, len(rows), r.Cells)
	}
	var observed, expected []float64
	for _, c := range columns {
		share := sum(c) / total
		for i, n := range c {
			observed = append(observed, n)
			expected = append(expected, r.N[i]*share)
		}
	}
	return r.finish(op, observed, expected, float64((len(rows)-1)*(r.Cells-1)))
}

// GoodnessOfFit tests counts against a distribution given as weights, which are
// scaled to the counts' total. A cell with counts but no weight cannot be: an error.
func GoodnessOfFit(observed, weights []float64, pooling Pooling) (ChiSquaredResult, error) {
	const op = "goodness of fit"
	r := ChiSquaredResult{}
	both, err := r.columns(op, [][]float64{observed, weights})
	if err != nil {
		return ChiSquaredResult{}, err
	}
	scale := r.N[0] / r.N[1]
	for _, c := range both {
		if c[1] *= scale; c[1] == 0 {
			return ChiSquaredResult{}, fmt.Errorf("%s: %w", op, ErrEmptyCell)
		}
	}
	r.N = r.N[:1]
	both = r.poolBy(both, pooling, func(c []float64) bool { return c[1] < sparse })
	if r.Cells = len(both); r.Cells < 2 {
		return ChiSquaredResult{}, fmt.Errorf("%s: %w: %d cells left, need 2", op, ErrTooFew, r.Cells)
	}
	got, want := make([]float64, r.Cells), make([]float64, r.Cells)
	for i, c := range both {
		got[i], want[i] = c[0], c[1]
	}
	return r.finish(op, got, want, float64(r.Cells-1))
}

func (r *ChiSquaredResult) finish(op string, observed, expected []float64, df float64) (ChiSquaredResult, error) {
	r.X2, r.DF = stat.ChiSquare(observed, expected), df
	if err := inRange(op, r.X2); err != nil {
		return ChiSquaredResult{}, err
	}
	r.P = clamp(distuv.ChiSquared{K: df}.Survival(r.X2))
	few := 0
	for _, e := range expected {
		if e < sparse {
			few++
		}
	}
	if few > 0 {
		r.warn(SparseCells, 0, float64(few))
	}
	return *r, nil
}

// columns checks the table, fills N with the row totals and gives the columns that
// are not empty, each a fresh slice.
func (r *ChiSquaredResult) columns(op string, rows [][]float64) ([][]float64, error) {
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: %w: no rows", op, ErrTooFew)
	}
	for i, row := range rows {
		n, err := countTotal(op, row)
		if err != nil {
			return nil, err
		}
		if len(row) != len(rows[0]) {
			return nil, fmt.Errorf("%s: %w: row %d has %d cells, row 1 has %d", op, ErrShape, i+1, len(row), len(rows[0]))
		}
		r.N = append(r.N, n)
	}
	var columns [][]float64
	for k := range rows[0] {
		c := make([]float64, len(rows))
		for i := range rows {
			c[i] = rows[i][k]
		}
		if sum(c) > 0 {
			columns = append(columns, c)
		}
	}
	return columns, nil
}

// Pool merges sparse cells of rows over the same cells and drops cells that are empty
// in all, for distances with a logarithm. A cell is sparse when some row expects fewer
// than five and holds fewer than five: a class that is new in the smaller sample is a
// finding and stays. (A test may not look at what a row holds, so ChiSquared goes by
// what it expects.) The rows are fresh; the Basis says how many cells were merged away.
func Pool(rows [][]float64, pooling Pooling) (pooled [][]float64, basis Basis, err error) {
	r := ChiSquaredResult{}
	columns, err := r.columns("pool", rows)
	if err != nil {
		return nil, Basis{}, err
	}
	columns = r.poolBy(columns, pooling, r.thin)
	pooled = make([][]float64, len(rows))
	for i := range rows {
		for _, c := range columns {
			pooled[i] = append(pooled[i], c[i])
		}
	}
	return pooled, r.Basis, nil
}

// thin is Pool's rule: some row expects few, and none of those has many.
func (r *ChiSquaredResult) thin(column []float64) bool {
	share := sum(column) / sum(r.N)
	few := false
	for i, n := range column {
		if r.N[i]*share >= sparse {
			continue
		}
		if few = true; n >= sparse {
			return false
		}
	}
	return few
}

// pool merges the columns in which the smallest row expects too few.
func (r *ChiSquaredResult) pool(columns [][]float64, pooling Pooling) [][]float64 {
	need := sparse * (sum(r.N) / slices.Min(r.N))
	return r.poolBy(columns, pooling, func(c []float64) bool { return sum(c) < need })
}

func (r *ChiSquaredResult) poolBy(columns [][]float64, pooling Pooling, isSparse func([]float64) bool) [][]float64 {
	before := len(columns)
	switch pooling {
	case KeepSparse:
	case PoolNeighbours:
		columns = poolNeighbours(columns, isSparse)
	case PoolRest:
		columns = poolRest(columns, isSparse)
	}
	if merged := before - len(columns); merged > 0 {
		r.warn(PooledCells, 0, float64(merged))
	}
	return columns
}

// poolNeighbours grows a cell from left to right until it is filled; what is left
// at the right end joins the last one.
func poolNeighbours(columns [][]float64, isSparse func([]float64) bool) [][]float64 {
	var pooled [][]float64
	open := false
	for _, c := range columns {
		if open {
			addTo(pooled[len(pooled)-1], c)
		} else {
			pooled = append(pooled, c)
		}
		open = isSparse(pooled[len(pooled)-1])
	}
	if n := len(pooled); open && n > 1 {
		addTo(pooled[n-2], pooled[n-1])
		pooled = pooled[:n-1]
	}
	return pooled
}

// poolRest merges the sparse cells into one and, if that is still sparse, the
// smallest of the others into it.
func poolRest(columns [][]float64, isSparse func([]float64) bool) [][]float64 {
	var kept [][]float64
	var rest []float64
	for _, c := range columns {
		switch {
		case !isSparse(c):
			kept = append(kept, c)
		case rest == nil:
			rest = c
		default:
			addTo(rest, c)
		}
	}
	if rest == nil {
		return kept
	}
	if isSparse(rest) && len(kept) > 0 {
		least := 0
		for k := range kept {
			if sum(kept[k]) < sum(kept[least]) {
				least = k
			}
		}
		addTo(kept[least], rest)
		return kept
	}
	return append(kept, rest)
}

func addTo(to, from []float64) {
	for i, v := range from {
		to[i] += v
	}
}

func sum(x []float64) float64 {
	total := 0.0
	for _, v := range x {
		total += v
	}
	return total
}

// countTotal sums counts or weights and refuses what cannot be one.
func countTotal(op string, counts []float64) (float64, error) {
	total := 0.0
	for i, n := range counts {
		if n < 0 || !isFinite(n) {
			return 0, fmt.Errorf("%s: %w: cell %d is %g", op, ErrCounts, i+1, n)
		}
		total += n
	}
	if total == 0 {
		return 0, fmt.Errorf("%s: %w", op, ErrCounts)
	}
	return total, inRange(op, total)
}
