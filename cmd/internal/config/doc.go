// Package config turns one strict YAML file into fully checked settings: [Load] either returns a Config in which every
// name is known, every limit can be judged and every duration is sane, or an error that names the file, the line, the
// key and what to write instead. Nothing is guessed and nothing is ignored.
//
// Values are never printed by errors: a mistake in a secret is told by its place. [Secret] values are read when they
// are used, not when the file is, so that a rotated token is found again.
//
// Order of settings: flags over environment (RAMPART_*) over file over defaults. The file is searched as
// --config, $RAMPART_CONFIG, ./rampart.yaml, $XDG_CONFIG_HOME/rampart/config.yaml, ~/.config/rampart/config.yaml,
// /etc/rampart/config.yaml.
//
// Why a walk over the syntax tree before decoding: a decoder stops at its first mistake and knows no neighbours; an
// operator wants all mistakes at once, each with the name that was meant.
package config
