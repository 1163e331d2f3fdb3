package exec

import (
	"context"
	osexec "os/exec"
	"path/filepath"

	"rampart/sources/plane"
)

// Keys name what is driven, the same for everybody who drives it: the command with its arguments, which every user of the
// machine can read of a process. Two commands that drive one thing are two.
func (p *Plane) Keys(context.Context) []string {
	program := p.conf.Command[0]
	switch {
	case filepath.Base(program) == program:
		if found, err := osexec.LookPath(program); err == nil {
			program = found
		}
	case !filepath.IsAbs(program) && p.conf.Dir != "":
		program = filepath.Join(p.conf.Dir, program)
	}
	parts := []string{"exec", plane.File(program)}
	if p.conf.Dir != "" { // what the arguments say may be relative to it
		parts = append(parts, plane.File(p.conf.Dir))
	}
	return []string{plane.Key(append(append(parts, ""), p.conf.Command[1:]...)...)}
}
