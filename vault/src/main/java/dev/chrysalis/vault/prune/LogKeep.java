package dev.chrysalis.vault.prune;

import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import java.time.Instant;
import java.util.List;

/// What a prune keeps of a log; all else of it goes, but for the newest piece.
///
/// @param keep the stretches that restores need
/// @param sealedSince everything from the first piece on that was sealed then or later is kept
public record LogKeep(LogName log, List<LogExtent> keep, Instant sealedSince) {
  public LogKeep {
    keep = List.copyOf(keep);
  }

  boolean needs(long from, long to) {
    return keep.stream().anyMatch(extent -> extent.from() < to && from < extent.to());
  }
}
