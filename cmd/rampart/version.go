package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is what this binary was made of.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Time     string `json:"time,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newVersion(g *globals) *cobra.Command {
	var out string
	cmd := &cobra.Command{Use: "version", Short: "Say what this binary is", Args: args(cobra.NoArgs), RunE: func(*cobra.Command, []string) error {
		b := buildOf()
		if out == "json" {
			return json.NewEncoder(g.out).Encode(b)
		}
		_, err := fmt.Fprintf(g.out, "rampart %s (%s, %s)\n", b.Version, b.Go, b.Platform)
		return err
	}}
	cmd.Flags().StringVarP(&out, "output", "o", "text", "text or json")
	return cmd
}

func buildOf() build {
	b := build{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}
