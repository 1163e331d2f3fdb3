package pair

import (
	"fmt"
	"math"
	"time"
)

// Config says what is joined. The zero value means the defaults.
type Config struct {
	Window    time.Duration // between both arms' lines of one request, by their own times; 30 s when 0
	Bytes     int           // for waiting lines; 8 MiB when 0
	Tolerance float64       // within which two numbers agree
	Worst     int           // how many of the worst pairs are kept; 20 when 0
}

// The bounds of a Config.
const (
	DefaultWindow = 30 * time.Second
	MostWindow    = 10 * time.Minute
	DefaultBytes  = 8 << 20
	mostBytes     = 1 << 30
	defaultWorst  = 20
	mostWorst     = 1000
)

// ahead is how far before the watermark a line may stand: one further off has a wrong clock or a wrong unit, and would
// wait for its time to come.
const ahead = time.Hour

func (c Config) checked() (Config, error) {
	if c.Window == 0 {
		c.Window = DefaultWindow
	}
	if c.Bytes == 0 {
		c.Bytes = DefaultBytes
	}
	if c.Worst == 0 {
		c.Worst = defaultWorst
	}
	switch {
	case c.Window < 0 || c.Window > MostWindow:
		return c, fmt.Errorf("pairs window %v: want more than 0 and at most %v", c.Window, MostWindow)
	case c.Bytes < 4<<10 || c.Bytes > mostBytes:
		return c, fmt.Errorf("pairs bytes %d: want 4 KiB to 1 GiB", c.Bytes)
	case c.Worst < 0 || c.Worst > mostWorst:
		return c, fmt.Errorf("pairs worst %d: want at most %d", c.Worst, mostWorst)
	case c.Tolerance < 0 || math.IsNaN(c.Tolerance) || math.IsInf(c.Tolerance, 0):
		return c, fmt.Errorf("pairs tolerance %v: want 0 or more", c.Tolerance)
	}
	return c, nil
}
