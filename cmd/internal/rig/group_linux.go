package rig

import "syscall"

// ownGroup makes a child the head of its own process group, so that Stop reaches what it started, and lets the kernel kill it when the rig dies:
// a test binary that runs into its time limit cleans up nothing itself.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// ownSession is ownGroup for a child that is to own the terminal it is started on.
func ownSession() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Setctty: true, Pdeathsig: syscall.SIGKILL}
}
