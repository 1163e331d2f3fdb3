package panel

import (
	"rampart/analysis/frame"
	"rampart/ui/cell"
)

type base struct{}

func (base) Move(Move)                                     {}
func (base) Enter(*frame.Frame) string                     { return "" }
func (base) Back() bool                                    { return false }
func (base) Selected(*frame.Frame) string                  { return "" }
func (base) Hints() []Hint                                 { return nil }
func (base) View(_ *frame.Frame, _ State, b Box) cell.Grid { return cell.New(b.W, b.H) }

// Name is the panel's word.
func (*Logs) Name() string { return "logs" }

// Title is the panel's heading.
func (*Logs) Title() string { return "5 logs" }

// Logs is panel 5: lines, asked for by page.
type Logs struct{ base }

// NewLogs returns a log panel that follows the newest line.
func NewLogs() *Logs { return &Logs{} }

// Ask returns the question that the panel needs answered, if any: the answer goes to SetPage with the same tag. The model
// calls it after each frame, key and move; it returns want only once for each question.
func (l *Logs) Ask(f *frame.Frame, st State) (q frame.LogsQuery, tag uint64, want bool) { return }

// SetPage takes an answer; one to an older question is dropped.
func (l *Logs) SetPage(tag uint64, page frame.LogsPage) {}

// Fail takes the error of a question.
func (l *Logs) Fail(tag uint64, err error) {}

// SetFilter sets the filter: a substring, !not, /regexp/, level:error, arm:candidate, in any combination apart by blanks.
func (l *Logs) SetFilter(text string) error { return nil }

// Filter is the filter as it was typed.
func (l *Logs) Filter() string { return "" }

// SetSearch sets what Next and Prev look for and lights up: a substring or a /regexp/.
func (l *Logs) SetSearch(text string) error { return nil }

// Search is the search as it was typed.
func (l *Logs) Search() string { return "" }

// Next goes to the next newer line that matches the search; it tells whether there was one.
func (l *Logs) Next() bool { return false }

// Prev goes to the next older line that matches the search.
func (l *Logs) Prev() bool { return false }

// NextError goes to the next newer error line.
func (l *Logs) NextError() bool { return false }

// PrevError goes to the next older error line.
func (l *Logs) PrevError() bool { return false }

// ToggleFollow starts or stops following the newest line.
func (l *Logs) ToggleFollow() {}

// ToggleWrap wraps long lines or cuts them.
func (l *Logs) ToggleWrap() {}

// ToggleTime shows clock times or ages.
func (l *Logs) ToggleTime() {}

// Open returns the id of the selected line, whose fields the model asks for and hands to SetLine.
func (l *Logs) Open() (id string, ok bool) { return "", false }

// SetLine shows an opened line with its fields; Back closes it.
func (l *Logs) SetLine(line frame.LogLine) {}
