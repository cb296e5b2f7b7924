module tidewatch.example/tidewatch

go 1.22
