package claim

import (
	"os"
	"os/user"
	"strconv"
)

// Peer is who is at the other end, by the kernel's word (SO_PEERCRED, unix(7)).
type Peer struct {
	UID  int
	PID  int    // 0: a process that is not seen from here, as one of another pid namespace
	Name string // of the user, or their number where nobody knows the name
}

func peerOf(uid, pid int) Peer {
	p := Peer{UID: uid, PID: pid, Name: "uid " + strconv.Itoa(uid)}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		p.Name = u.Username
	}
	return p
}

// rules tells whether a user may end this process anyway, or one of uid may end a peer's.
func rules(who, whose int) bool { return who == 0 || who == whose }

// mayEnd tells whether this process could end the peer's.
func mayEnd(p Peer) bool { return rules(os.Geteuid(), p.UID) }
