package footprint

import (
	"os"
	"slices"
	"strings"
	"testing"
)

const smaps = `00400000-01597000 r-xp 00000000 fe:00 10977316                           /opt/my rampart
Rss:               14412 kB
Anonymous:             0 kB
01597000-02763000 r--p 01197000 fe:00 10977316                           /opt/my rampart
Rss:               17508 kB
Anonymous:             0 kB
02763000-02764000 r--p 02363000 fe:00 10977316                           /opt/my rampart
Rss:                   4 kB
Anonymous:             4 kB
02764000-02877000 rw-p 02364000 fe:00 10977316                           /opt/my rampart
Rss:                   0 kB
Anonymous:             0 kB
02877000-04b07000 rw-p 00000000 00:00 0 
Anonymous:             0 kB
7f7d62001000-7f7d62157000 r-xp 00026000 fe:00 326269                     /usr/lib/libc.so.6
Anonymous:             0 kB
`

func TestGiveBack_DropsOnlyWhatTheFileStillHolds(t *testing.T) {
	got := clean(strings.NewReader(smaps), "/opt/my rampart")
	want := []span{{0x400000, 0x1597000}, {0x1597000, 0x2763000}}
	if !slices.Equal(got, want) {
		t.Errorf("dropped %x: want the text and the constants, %x; a page that was changed or can be is lost for ever", got, want)
	}
}

func TestGiveBack_LeavesARunningProgramThatWorks(t *testing.T) {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Skip(err)
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	if len(clean(f, program)) == 0 {
		t.Fatal("no page of the program itself was found")
	}
	for range 3 {
		giveBack()
	}
	if at := strings.LastIndex(smaps, "libc"); at < 0 {
		t.Error("constants are lost")
	}
}
