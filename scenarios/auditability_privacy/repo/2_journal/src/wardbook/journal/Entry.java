package wardbook.journal;

import java.time.Instant;

/** A line of the journal; texts that were not given are empty. */
public record Entry(Instant at, Action action, String patient, String staff, String before, String after) {}
