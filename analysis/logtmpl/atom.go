package logtmpl

type atomKind uint8

const (
	mark     atomKind = iota // a byte that stands for itself
	word                     // a constant word
	variable                 // a number, a name, a path, a quoted value, or a list of such
)

// atom is one piece of a line: its bytes from to to, and whether white space stands before them.
type atom struct {
	kind     atomKind
	gap      bool
	from, to int32
}

// record keeps the atoms of one line.
type record struct {
	atoms []atom
	last  int // len(atoms) right after the last variable
}

func (r *record) reset() { r.atoms, r.last = r.atoms[:0], 0 }

func (r *record) add(k atomKind, gap uint64, from, to int) {
	r.atoms = append(r.atoms, atom{k, gap != 0, int32(from), int32(to)})
	if k == variable {
		r.last = len(r.atoms)
	}
}

// widen drops what was read since the last variable and lets that reach to.
func (r *record) widen(to int) {
	r.atoms = r.atoms[:r.last]
	r.atoms[r.last-1].to = int32(to)
}
