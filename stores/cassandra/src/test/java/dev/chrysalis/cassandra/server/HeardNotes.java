package dev.chrysalis.cassandra.server;

import dev.chrysalis.platform.volume.CopyProgress;
import java.util.List;

/// Keeps what is noted, and nothing of how far it is.
///
/// @param notes where it is added
public record HeardNotes(List<String> notes) implements CopyProgress {
  @Override
  public void progress(String stage, long done, long total) {}

  @Override
  public void note(String text) {
    notes.add(text);
  }
}
