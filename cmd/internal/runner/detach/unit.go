package detach

import (
	"fmt"
	"strings"
)

// final are the exit codes after which a runner is not started again: what it was asked cannot be done (2), or its ramp is
// over (3, 4, 6). One that somebody stopped must not begin anew by itself.
const final = "2 3 4 6"

// Installed is a runner that the machine's administrator installs.
type Installed struct {
	Description string
	Args        []string // program and arguments; none is relative to a folder
	User        string   // whose config it is; empty: root
	Dir         string   // where it was asked for, if it is there
	Confined    bool     // it writes nothing but its state, and starts no program that might
}

// Unit is the unit file. Arguments with spaces are quoted.
func (i Installed) Unit() string {
	var b strings.Builder
	fmt.Fprintf(&b, "[Unit]\nDescription=%s\nAfter=network-online.target\nWants=network-online.target\n\n[Service]\n", i.Description)
	if i.User != "" {
		fmt.Fprintf(&b, "User=%s\n", i.User)
	}
	if i.Dir != "" {
		fmt.Fprintf(&b, "WorkingDirectory=-%s\n", strings.ReplaceAll(i.Dir, "%", "%%"))
	}
	fmt.Fprintf(&b, "ExecStart=%s\n", i.start())
	b.WriteString("Restart=on-failure\nRestartSec=1\n")
	b.WriteString("# What it was asked cannot be done, or its ramp is over: that is not begun again by itself.\n")
	fmt.Fprintf(&b, "RestartPreventExitStatus=%s\n", final)
	b.WriteString("# A ramp that runs is followed to its end: give the last write the time to be read back.\nTimeoutStopSec=45\nNoNewPrivileges=yes\n")
	if i.Confined {
		b.WriteString("ProtectSystem=strict\nProtectHome=read-only\n")
	}
	b.WriteString("StateDirectory=rampart\nRuntimeDirectory=rampart\n")
	b.WriteString("# Whoever opens a console or rolls back by hand needs the same two: the journal and the socket stand there.\n")
	b.WriteString("Environment=RAMPART_STATE=%S/rampart XDG_RUNTIME_DIR=%t\n\n[Install]\nWantedBy=multi-user.target\n")
	return b.String()
}

func (i Installed) start() string {
	quoted := make([]string, 0, len(i.Args))
	for _, a := range i.Args {
		if a == "" || strings.ContainsAny(a, " \t\"'\\$%;") {
			a = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `$$`, `%`, `%%`).Replace(a) + `"`
		}
		quoted = append(quoted, a)
	}
	return strings.Join(quoted, " ")
}
