package cell

// widths decides how wide each column is; 0 means dropped.
func (t Table) widths(room int) []int {
	widths := t.natural()
	for used(widths) > room {
		if !t.squeeze(widths, used(widths)-room) && !t.drop(widths) {
			break
		}
	}
	if left := room - used(widths); left > 0 {
		for i, c := range t.Columns {
			if c.Grow && widths[i] > 0 {
				widths[i] += left
				break
			}
		}
	}
	return widths
}

// natural gives each column the room of its widest cell that cannot run on, within its bounds. A column without any text
// takes none.
func (t Table) natural() []int {
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		if !t.NoHead {
			widths[i] = Width(c.Head)
		}
		for _, row := range t.Rows {
			if !t.spills(row, i) {
				widths[i] = max(widths[i], row.cell(i).Width())
			}
		}
		if c.Max > 0 {
			widths[i] = min(widths[i], c.Max)
		}
	}
	return widths
}

// squeeze takes over columns away, one at a time from the widest that may still shrink, if that can be done at all.
func (t Table) squeeze(widths []int, over int) bool {
	slack := 0
	for i, c := range t.Columns {
		if c.Min > 0 {
			slack += max(0, widths[i]-c.Min)
		}
	}
	if slack < over {
		return false
	}
	for ; over > 0; over-- {
		widest := -1
		for i, c := range t.Columns {
			if c.Min > 0 && widths[i] > c.Min && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		widths[widest]--
	}
	return true
}

// drop removes the column with the smallest Keep, the last of equals; the last column left is never dropped.
func (t Table) drop(widths []int) bool {
	at, left := -1, 0
	for i, c := range t.Columns {
		if widths[i] == 0 {
			continue
		}
		left++
		if at < 0 || c.Keep <= t.Columns[at].Keep {
			at = i
		}
	}
	if left < 2 {
		return false
	}
	widths[at] = 0
	return true
}

// used is the room that the columns and the gaps between them take.
func used(widths []int) int {
	n := -tableGap
	for _, w := range widths {
		if w > 0 {
			n += w + tableGap
		}
	}
	return max(0, n)
}
