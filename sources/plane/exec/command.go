package exec

import (
	"context"
	"encoding/json"

	"rampart/sources"
	"rampart/sources/plane/protocol"
	"rampart/sources/process"
)

// command runs the program once for each call.
type command struct {
	conf Config
	name string
}

// Ask runs the command with the request on stdin. See the package's promise.
func (c *command) Ask(ctx context.Context, r protocol.Request) (protocol.Answer, error) {
	in, err := json.Marshal(r)
	if err != nil {
		return protocol.Answer{}, c.failed(r.Call, sources.ErrInvalid, err, false)
	}
	got, err := process.Run(ctx, process.Command{
		Argv: c.conf.Command, Dir: c.conf.Dir, Stdin: append(in, '\n'), Timeout: c.conf.Timeout, Most: protocol.MaxAnswer,
	})
	if !got.Started {
		return protocol.Answer{}, c.failed(r.Call, sources.ErrUnreachable, err, false)
	}
	a, bad := protocol.Decode(got.Out)
	a.Aside = got.Aside
	switch {
	case a.Error != nil && protocol.Told(&bad, r.Call, c.name):
		return a, bad
	case err != nil:
		return protocol.Answer{Aside: got.Aside}, c.failed(r.Call, sources.ErrUnreachable, process.With(err, got.Aside), true)
	case bad != nil:
		return protocol.Answer{Aside: got.Aside}, c.failed(r.Call, sources.ErrInvalid, process.With(bad, got.Aside), true)
	}
	return a, nil
}

func (c *command) failed(call string, kind, cause error, sent bool) error {
	e := &sources.Error{Op: call, Target: c.name, Kind: kind, Cause: cause, Sent: sent}
	if !sent {
		e.Fix = "see that the command of traffic.exec can be run"
	}
	return e
}
