//go:build unix && !linux

package rig

import "syscall"

// ownGroup makes a child the head of its own process group, so that Stop reaches what it started.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// ownSession is ownGroup for a child that is to own the terminal it is started on.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true, Setctty: true} }
