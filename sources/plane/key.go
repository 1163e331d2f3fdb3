package plane

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	// mostLinks is how many links in a row are followed to a file that is not there.
	mostLinks = 8
	// mostPlaces bounds the addresses of one name.
	mostPlaces = 16
	// resolving is how long a name may take to be resolved.
	resolving = time.Second
)

// File is a path as everybody calls it: absolute and without links, as far as they can be followed. A file that is not
// there yet, as a router's socket while it restarts, has the name that it will have.
func File(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.Clean(path)
	for range mostLinks {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			return real
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return path
		}
		to, err := os.Readlink(path)
		if err != nil { // the file itself is missing, or its folder
			if path == filepath.Dir(path) {
				return path
			}
			return filepath.Join(File(filepath.Dir(path)), filepath.Base(path))
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path
}

// Places are a host and port as everybody calls them: as it is written, and each address behind the name. Two names of one
// place have one in common. A name that cannot be resolved now is as it is written.
func Places(ctx context.Context, hostport string) []string {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		host, port = hostport, ""
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, resolving)
	defer cancel()
	found, _ := net.DefaultResolver.LookupIPAddr(ctx, host) // what is written is left
	slices.SortFunc(found, func(a, b net.IPAddr) int { return bytes.Compare(a.IP.To16(), b.IP.To16()) })
	out := []string{net.JoinHostPort(host, port)}
	for _, a := range found[:min(len(found), mostPlaces)] {
		ip := a.IP
		switch {
		case ip.IsUnspecified() && ip.To4() != nil: // which the kernel takes for the loopback's
			ip = net.IPv4(127, 0, 0, 1)
		case ip.IsUnspecified():
			ip = net.IPv6loopback
		}
		if at := net.JoinHostPort(ip.String(), port); !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

// Key joins what tells one plane from another.
func Key(parts ...string) string { return strings.Join(parts, "\x00") }
