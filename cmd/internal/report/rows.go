package report

import (
	"fmt"
	"io"
	"text/tabwriter"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// printRows writes the measures as a table without any frame: a mark, the name, both arms, the difference and what is
// to be said of it, and on how many requests all that rests.
func printRows(w io.Writer, rows []frame.Row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		legacy, candidate := plainArms(r)
		fmt.Fprintf(t, "%s %s\tlegacy %s\tcandidate %s\t%s\t%s\n", part.Glyph(r.Mark), r.Measure, legacy, candidate, plainDifference(r), plainCounts(r))
	}
	return t.Flush()
}

// plainArms are both arms' values with the same decimals, or why there is none.
func plainArms(r frame.Row) (legacy, candidate string) {
	legacy, candidate = part.Pair(r.Legacy, r.Candidate)
	if !r.Legacy.Known {
		legacy = part.Explained(r.Legacy)
	}
	if !r.Candidate.Known {
		candidate = part.Explained(r.Candidate)
	}
	return legacy, candidate
}

// plainDifference is a row's difference, or what stands in its place, and the row's note.
func plainDifference(r frame.Row) string {
	switch {
	case r.Difference.Known && r.Note != "":
		return part.Value(r.Difference) + ", " + r.Note
	case r.Difference.Known || r.Note == "":
		return part.Explained(r.Difference)
	}
	return r.Note
}

// plainCounts are the requests of both arms; a row that counts none, as a free expression does, has no n.
func plainCounts(r frame.Row) string {
	if r.N == (sources.ByArm[int64]{}) {
		return "n " + cell.None
	}
	return fmt.Sprintf("n %s / %s", cell.Count(r.N.Legacy), cell.Count(r.N.Candidate))
}
