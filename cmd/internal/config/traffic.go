package config

// Exec is a plane of your own behind a command.
type Exec struct {
	Command []string `yaml:"command" jsonschema_description:"Program and arguments, without a shell: run once for each call, JSON on stdin and stdout."`
	Dir     string   `yaml:"dir,omitempty" jsonschema_description:"Folder that it runs in."`
	Timeout Duration `yaml:"timeout,omitempty" jsonschema_description:"Deadline of one call, after which it is killed; 10s by default."`
}
