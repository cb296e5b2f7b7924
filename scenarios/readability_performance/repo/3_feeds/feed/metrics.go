package feed

import "tidewatch.example/tidewatch/gauge"

// Metrics returns what the monitoring scrapes: for each sound reading a line that ends with a newline, such as
// `tide_level_mm{station="HAM3"} 412`.
func Metrics(readings []gauge.Reading) string {
	panic("not written yet")
}
