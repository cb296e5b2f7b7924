-- The day `:day` in one row a station.
SELECT station, avg(celsius) AS celsius, max(gust_ms) AS gust_ms, sum(rain_mm) AS rain_mm
FROM readings
WHERE date(at) = :day
GROUP BY station
ORDER BY station;
