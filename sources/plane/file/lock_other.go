//go:build !unix

package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
)

// flock is refused where there is none: two writers would overwrite each other.
func flock(context.Context, string) (func(), error) {
	return nil, errors.New("this system has no flock")
}

func keepOwner(*os.File, fs.FileInfo) error { return nil }

// busy cannot be told without locks.
func busy(string) bool { return false }
