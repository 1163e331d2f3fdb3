package elastic

import "time"

// NewHastyCluster is a cluster whose services hardly wait for each other.
func NewHastyCluster() *Cluster { return newCluster(time.Millisecond) }
