package feed

import "tidewatch.example/tidewatch/gauge"

// Namer returns a function that names the file of a reading below folder, such as
// "raw/HAM3/2025-03-03/0600.json", by its time in UTC.
func Namer(folder string) func(gauge.Reading) string {
	panic("not written yet")
}
