package sources

// Moves tells whether the change gives the candidate another share: one that does not has nothing to undo.
func (c Change) Moves() bool { return !c.NoOp && !c.From.Equal(c.To) }
