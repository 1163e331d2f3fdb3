//go:build !linux

package file

import "errors"

// workersOf cannot look at processes here.
func workersOf(string) (workers, error) {
	return nil, errors.New("processes can only be looked at on Linux: leave pid out")
}
