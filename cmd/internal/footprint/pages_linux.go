package footprint

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// giveBack drops the program's own pages from this process; those that are still used come back from the kernel's cache
// by themselves. It is best effort: what cannot be found or dropped stays.
func giveBack() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer f.Close()
	for _, s := range clean(f, program) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, s.from, s.to-s.from, syscall.MADV_DONTNEED) // best effort
	}
}

// span is a range of addresses.
type span struct{ from, to uintptr }

// clean are the mappings of the program's file that can be read again from it: nobody may write to them and no page of
// them was ever changed. A program that was moved as it was loaded has such changes in pages that look constant.
func clean(smaps io.Reader, program string) []span {
	var out []span
	var here span
	var ours bool
	for in := bufio.NewScanner(smaps); in.Scan(); {
		if s, mode, path, ok := mapping(in.Text()); ok {
			here, ours = s, path == program && !strings.Contains(mode, "w")
			continue
		}
		// Anonymous pages are those that are not the file's any more.
		if changed, ok := strings.CutPrefix(in.Text(), "Anonymous:"); ok && ours && strings.Fields(changed)[0] == "0" {
			out = append(out, here)
		}
	}
	return out
}

// mapping reads a line such as "00400000-01597000 r-xp 00000000 fe:00 1097 /usr/bin/rampart".
func mapping(line string) (s span, mode, path string, ok bool) {
	place, rest, _ := strings.Cut(line, " ")
	from, to, ok := strings.Cut(place, "-")
	if !ok {
		return s, "", "", false
	}
	a, err := strconv.ParseUint(from, 16, 64)
	if err != nil {
		return s, "", "", false
	}
	b, err := strconv.ParseUint(to, 16, 64)
	if err != nil {
		return s, "", "", false
	}
	mode, _, _ = strings.Cut(rest, " ")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		path = rest[i:]
	}
	return span{uintptr(a), uintptr(b)}, mode, path, true
}
