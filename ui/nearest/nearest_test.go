package nearest

import "testing"

func TestWord_ASlipOfTheFingersFindsItsWord(t *testing.T) {
	words := []string{"rollback", "hold", "split", "step", "panel_evidence", "theme"}
	for typed, want := range map[string]string{
		"rolback": "rollback", "rollbcak": "rollback", "rollbackk": "rollback", "hodl": "hold", "slpit": "split", "panel_evidnce": "panel_evidence",
		"fly": "", "": "", "quit": "", "thm": "theme",
	} {
		if got := Word(typed, words); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
