package file

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// workersOf finds the children of the process in a pid file, by proc(5). nginx writes into a worker's title what it does.
func workersOf(pidFile string) (workers, error) {
	b, err := os.ReadFile(pidFile)
	if err != nil {
		return nil, err
	}
	master, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || master <= 0 {
		return nil, fmt.Errorf("it holds no process id")
	}
	if _, err := os.Stat(filepath.Join("/proc", strconv.Itoa(master))); err != nil {
		return nil, fmt.Errorf("process %d is gone", master)
	}
	all, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	out := workers{}
	for _, e := range all {
		id, err := strconv.Atoi(e.Name())
		if err != nil || parentOf(id) != master {
			continue
		}
		title, err := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if err == nil {
			out[id] = bytes.Contains(title, []byte("shutting down"))
		}
	}
	return out, nil
}

// parentOf is a process's parent; 0 for one that is gone or was not collected yet.
func parentOf(id int) int {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(id), "stat"))
	if err != nil {
		return 0
	}
	rest := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:])) // a name may hold spaces and brackets
	if len(rest) < 2 || rest[0] == "Z" {
		return 0
	}
	parent, _ := strconv.Atoi(rest[1])
	return parent
}
