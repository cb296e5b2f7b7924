// Package feed hands readings on: each file knows what the records of one feed look like.
package feed

import "tidewatch.example/tidewatch/gauge"

// Row returns the record of the archive, such as "HAM3;2025-03-03T06:00:00Z;412;checked".
func Row(r gauge.Reading) string {
	panic("not written yet")
}
