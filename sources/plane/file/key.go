package file

import (
	"context"
	"strings"

	"rampart/sources/plane"
)

// Keys name what is driven, the same for everybody who drives it: the file, and which split in it. One who names the split
// of a file that has only one, and one who does not, have different keys.
func (p *Plane) Keys(context.Context) []string {
	return []string{plane.Key("file", plane.File(p.conf.Path), strings.TrimPrefix(p.conf.Block, "$"))}
}
