package audit

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rampart/sources"
)

// Mend is what can be done about a journal that is not what was written, for people.
const Mend = "rampart audit mend keeps what is broken beside it and goes on, and so does rampart run when it begins"

// Mended is a break that a journal once had: what the chain says of itself since.
type Mended struct {
	Seq  uint64    // the entry that tells it
	At   time.Time // when it was mended
	Gap  gapData
	Text string // for people
}

// Gap is a time during which entries could not be written, as on a full disk: what the chain says of it since.
type Gap struct {
	Seq  uint64    // the entry that tells it
	At   time.Time // when it could be written
	Text string    // for people
}

// gapData is what the entry of a repair says to programs.
type gapData struct {
	Broken string   `json:"broken"`
	Kept   []string `json:"kept"`
	Sums   []string `json:"sha256"` // of the kept files, in their order
	Last   uint64   `json:"last"`   // the last good entry before the break
}

// record is the entry that names what was cut off.
func (r Repaired) record() sources.Entry {
	data, _ := json.Marshal(gapData{r.Broken.Error(), r.Kept, r.sums, r.Last}) // texts and a number
	text := fmt.Sprintf("the journal was broken: %s; all behind entry %d was cut off", r.Broken.Error(), r.Last)
	if len(r.Kept) > 0 {
		text += " and is kept in " + strings.Join(r.Kept, ", ")
	}
	return sources.Entry{Kind: sources.EntryGap, Text: text, Data: data}
}

// mendedBy reads what record wrote.
func mendedBy(e sources.Entry) (Mended, bool) {
	m := Mended{Seq: e.Seq, At: e.Time, Text: e.Text}
	if e.Kind != sources.EntryGap || json.Unmarshal(e.Data, &m.Gap) != nil || m.Gap.Broken == "" {
		return Mended{}, false
	}
	return m, true
}
