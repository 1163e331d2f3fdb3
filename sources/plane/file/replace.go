package file

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// replace puts new content in the place of a file, whole or not at all, also when the power fails: written beside it,
// synced, renamed over it, and the folder synced. Mode and owner stay.
func replace(path string, b []byte) (err error) {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	_, err = tmp.Write(b)
	err = errors.Join(err, tmp.Chmod(info.Mode().Perm()), keepOwner(tmp, info), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// stamp remembers what was loaded. That it cannot be written makes the effective split unknown, and nothing else.
func (p *Plane) stamp(loaded string) {
	_ = os.WriteFile(p.stampPath(), []byte(loaded+"\n"), fs.FileMode(0o644))
}
