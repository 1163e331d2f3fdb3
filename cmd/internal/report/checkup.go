package report

import (
	"io"

	"rampart/cmd/internal/document"
)

// Checkup is what `doctor -o json` prints: everything that was found, in the order in which it was asked.
type Checkup struct {
	Version  int       `json:"version"`
	Config   string    `json:"config"` // the file
	Context  string    `json:"context"`
	Service  string    `json:"service"`
	Findings []Finding `json:"findings"`
	Bad      int       `json:"bad"` // findings that are; 0: exit code 0
}

// Finding is one thing that was found.
type Finding struct {
	About string `json:"about"` // the source, such as prometheus and its address
	Level string `json:"level" jsonschema:"enum=ok,enum=note,enum=bad"`
	Text  string `json:"text"`
}

// Write prints it as one document.
func (c Checkup) Write(w io.Writer) error {
	c.Version = Version
	if c.Findings == nil {
		c.Findings = []Finding{}
	}
	return document.Print(w, c)
}
