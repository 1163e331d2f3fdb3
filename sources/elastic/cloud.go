package elastic

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
)

// cloudURL reads an Elastic Cloud id: a name, a colon, and base64 of domain$elasticsearch$kibana (Elastic Cloud, "Find
// your cloud ID").
func cloudURL(id string) (*url.URL, error) {
	_, coded, ok := strings.Cut(id, ":")
	if !ok {
		return nil, errors.New("elasticsearch cloud_id: want name:code")
	}
	plain, err := base64.StdEncoding.DecodeString(coded)
	parts := strings.Split(string(plain), "$")
	if err != nil || len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return nil, errors.New("elasticsearch cloud_id: its code cannot be read; copy it again from the deployment's page")
	}
	host, port, ok := strings.Cut(parts[0], ":")
	if !ok {
		port = "443"
	}
	u, err := url.Parse("https://" + parts[1] + "." + host + ":" + port)
	if err != nil {
		return nil, errors.New("elasticsearch cloud_id: its code names no host")
	}
	return u, nil
}
