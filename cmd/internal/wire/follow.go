package wire

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

var (
	errTurned = errors.New("turned to another service")
	errSilent = fmt.Errorf("no word for %s", Away)
)

// Next returns the newest frame once it is newer than the one before. While the runner is away, frames go on: the last
// one again, with the runner among its sources as down, since when and why. It fails when ctx or the client's ends.
func (c *Client) Next(ctx context.Context) (*frame.Frame, error) {
	c.start.Do(func() {
		go c.run()
		if strings.HasPrefix(c.address, "ssh://") {
			go c.keepWarm()
		}
	})
	for {
		c.mu.Lock()
		f, fresh, isNew := c.newest, c.fresh, c.seq > c.seen
		if f != nil && isNew {
			c.seen = c.seq
		}
		c.mu.Unlock()
		if f != nil && isNew {
			return f, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-c.ctx.Done():
			return nil, c.ctx.Err()
		case <-fresh:
		}
	}
}

// Done is closed when the client's life ends.
func (c *Client) Done() <-chan struct{} { return c.ctx.Done() }

// turn cuts the stream of the service before.
func (c *Client) turn(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name == c.service {
		return
	}
	c.service, c.newest, c.last, c.leave = name, nil, nil, ""
	c.turned++
	if c.cut != nil {
		c.cut(errTurned)
	}
}

// run keeps a stream open for as long as the client lives. A stream that was good is opened again at once.
func (c *Client) run() {
	back := sources.Backoff{First: 250 * time.Millisecond, Most: 5 * time.Second, Rand: rand.Float64, Now: c.options.Now}
	for c.ctx.Err() == nil {
		began := c.options.Now()
		heard, err := c.stream()
		if errors.Is(err, errTurned) || c.ctx.Err() != nil {
			continue
		}
		if heard && !errors.Is(err, errSilent) && c.options.Now().Sub(began) > time.Second {
			back.Healed()
			continue
		}
		pause := back.Failed(err)
		c.away(err, c.options.Now().Add(pause))
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
		case <-c.ctx.Done():
			wait.Stop()
		}
	}
}

// stream reads one connection until it is lost, silent or no longer wanted.
func (c *Client) stream() (heard bool, err error) {
	ctx, cut := context.WithCancelCause(c.ctx)
	defer cut(nil)
	c.mu.Lock()
	service, turned := c.service, c.turned
	c.cut = cut
	silence := Away
	if c.since.IsZero() && !c.heard.IsZero() { // the console must know in time, however the first stream ended
		silence = max(Away-c.options.Now().Sub(c.heard), time.Second)
	}
	c.mu.Unlock()
	watchdog := time.AfterFunc(silence, func() { cut(errSilent) })
	defer watchdog.Stop()
	r, err := c.open(ctx, http.MethodGet, "/v1/frames?"+url.Values{"service": {service}}.Encode(), nil)
	if err != nil {
		return false, err
	}
	defer r.Body.Close()
	read := bufio.NewScanner(r.Body)
	read.Buffer(make([]byte, 0, 64<<10), mostAnswered)
	s := &stream{client: c, turned: turned}
	for read.Scan() {
		watchdog.Reset(Away)
		heard = true
		if err := s.line(read.Bytes()); err != nil {
			return heard, err
		}
	}
	return heard, c.failed(ctx, "/v1/frames", cmp.Or(read.Err(), io.ErrUnexpectedEOF))
}

// stream is one connection's lines.
type stream struct {
	client  *Client
	turned  int
	session *frame.Session
}

// line takes one line of any sort.
func (s *stream) line(b []byte) error {
	s.client.mu.Lock()
	s.client.heard, s.client.since = s.client.options.Now(), time.Time{}
	s.client.mu.Unlock()
	for _, kind := range []struct {
		prefix string
		take   func(body []byte) error
	}{{framePrefix, s.frame}, {sessionPrefix, s.meet}, {faultPrefix, s.fault}, {beatPrefix, s.beat}} {
		if rest, ok := bytes.CutPrefix(b, []byte(kind.prefix)); ok {
			if body, ok := bytes.CutSuffix(rest, []byte("}")); ok {
				return kind.take(body)
			}
		}
	}
	return fmt.Errorf("follow: a line that is none of ours: %q: %w", sources.Visible(string(b[:min(len(b), 40)])), sources.ErrInvalid)
}

// frame shows a frame, with who this console is.
func (s *stream) frame(body []byte) error {
	f, err := frames.decode(body)
	if err != nil {
		return err
	}
	if s.session != nil {
		f.Session = *s.session
	}
	s.client.put(f, s.turned)
	return nil
}

// meet takes in who this console is to the runner.
func (s *stream) meet(body []byte) error {
	who, err := sessions.decode(body)
	if err == nil && s.client.options.ReadOnly {
		who.ReadOnly, who.Role = true, sources.Viewer
	}
	s.session = who
	return err
}

// fault is the runner's last word.
func (s *stream) fault(body []byte) error {
	var f fault
	if err := json.Unmarshal(body, &f); err != nil {
		return err
	}
	return f.err()
}

// beat says that the runner lives.
func (s *stream) beat(body []byte) error {
	var now beat
	if err := json.Unmarshal(body, &now); err != nil {
		return err
	}
	s.client.back(s.turned, now.At)
	return nil
}

// put makes a frame of the runner the newest, unless the console has turned away.
func (c *Client) put(f *frame.Frame, turned int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if turned == c.turned {
		c.last = f
		c.show(f)
	}
}

// show wakes the reader. The caller holds the lock.
func (c *Client) show(f *frame.Frame) {
	c.newest = f
	c.seq++
	close(c.fresh)
	c.fresh = make(chan struct{})
}

// back is a beat: what the runner sent last holds again, if it was called away meanwhile.
func (c *Client) back(turned int, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell(at)
	if turned == c.turned && c.last != nil && c.newest != c.last {
		c.show(c.last)
	}
}

// slack is how far two clocks may differ without notice: a beat is on its way for some of it.
const slack = 2 * time.Second

// tell notes what the runner's clock says. The caller holds the lock.
func (c *Client) tell(at time.Time) {
	if c.skew = at.Sub(c.options.Now()); at.IsZero() || c.skew.Abs() < slack {
		c.skew = 0
	}
}

// Now is the runner's clock, as far as it was told: ages on the screen count from it, and not from this machine's.
func (c *Client) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.options.Now().Add(c.skew)
}

// away shows the last frame again, with the runner down among its sources.
func (c *Client) away(err error, retry time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		c.since = c.heard
		if c.since.IsZero() {
			c.since = c.options.Now()
		}
	}
	src := frame.Source{
		Name: "runner", Target: c.address, State: frame.SourceDown, Since: c.since.Add(c.skew), Err: cause(err), Retry: retry.Add(c.skew),
	}
	if !c.heard.IsZero() {
		src.At = c.heard.Add(c.skew)
	}
	c.show(without(c.last, src, c.service, c.options.Now().Add(c.skew)))
}

// cause is what failed, without what was tried: the source's name says that.
func cause(err error) string {
	if e, ok := errors.AsType[*sources.Error](err); ok && e.Cause != nil {
		err = e.Cause
	}
	return sources.Visible(err.Error())
}

// without is a frame as it is known without the runner. What was SAFE or undecided is so no longer: it is only what was
// said last. WORSE stays, as it does for the whole rollout.
func without(last *frame.Frame, runner frame.Source, service string, now time.Time) *frame.Frame {
	if last == nil {
		return &frame.Frame{At: now, Service: service, Waiting: []string{"runner"}, Sources: []frame.Source{runner}}
	}
	f := *last
	f.Sources = append([]frame.Source{runner}, slices.Clone(last.Sources)...)
	said := fmt.Sprintf("the runner is away since %s; it said last: %s", runner.Since.UTC().Format(time.TimeOnly), last.Verdict.Call.Label())
	if last.Verdict.Call == analysis.Worse {
		f.Verdict.Sentence += " (" + said + ")"
		return &f
	}
	f.Verdict.Call, f.Verdict.Sentence, f.Verdict.Since = analysis.Stale, said, runner.Since
	return &f
}
