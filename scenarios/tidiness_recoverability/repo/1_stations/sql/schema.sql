-- Readings of all stations; times are in UTC.
CREATE TABLE readings (
    station TEXT NOT NULL,
    at      TEXT NOT NULL,
    celsius REAL NOT NULL,
    gust_ms REAL NOT NULL,
    rain_mm REAL NOT NULL,
    PRIMARY KEY (station, at)
);
