package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// headSuffix is put behind the journal's path.
const headSuffix = ".head"

// errNoHead says that there is no head file.
var errNoHead = errors.New("no head file")

// readHead reads how far the chain was when an entry was last acknowledged.
func readHead(path string) (link, error) {
	b, err := os.ReadFile(path + headSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return link{}, errNoHead
	}
	if err != nil {
		return link{}, err
	}
	return parseHead(b)
}

func parseHead(b []byte) (link, error) {
	var l link
	if _, err := fmt.Sscanf(string(b), "%d %s\n", &l.seq, &l.hash); err != nil || string(b) != l.text() {
		return link{}, errors.New("the head file does not hold a number and a hash")
	}
	return l, nil
}

// writeHead replaces the head file in one step, so that a crash leaves the old one or the new one.
func writeHead(path string, l link) error {
	tmp, err := writeNewHead(path, l)
	if err != nil {
		return err
	}
	return os.Rename(tmp, path+headSuffix)
}

// writeNewHead writes the file that is to replace the head.
func writeNewHead(path string, l link) (string, error) {
	tmp := path + headSuffix + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return tmp, err
	}
	_, err = f.WriteString(l.text())
	return tmp, errors.Join(err, f.Sync(), f.Close())
}

func (l link) text() string { return fmt.Sprintf("%d %s\n", l.seq, l.hash) }
