package dev.chrysalis.platform.process.supervisor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was done with a member's volume.
///
/// @param made whether it was ever made: one that is not there then was lost
/// @param intent a move that was begun, or null
/// @param asides what was set aside and neither given back nor dropped, by distinct names; of a
///   volume that was missing only that it was
/// @param givenBack names of asides that were given back
record VolumeRecord(
    boolean made, @Nullable Intent intent, List<AsideRecord> asides, List<String> givenBack) {
  /// In place of bytes: the volume was missing, so that there was nothing to move.
  static final long NOTHING = -1;

  static final VolumeRecord NONE = new VolumeRecord(false, null, List.of(), List.of());

  VolumeRecord {
    asides = List.copyOf(asides);
    givenBack = List.copyOf(givenBack);
  }

  /// A move that consists of several renames.
  record Intent(Move move, String aside, Instant at, long bytes) {}

  enum Move {
    SET_ASIDE,
    GIVE_BACK
  }

  record AsideRecord(String name, Instant at, long bytes) {
    boolean wasMissing() {
      return bytes == NOTHING;
    }
  }

  Optional<AsideRecord> aside(String name) {
    return asides.stream().filter(a -> a.name().equals(name)).findFirst();
  }

  VolumeRecord withMade() {
    return new VolumeRecord(true, intent, asides, givenBack);
  }

  VolumeRecord withIntent(Intent begun) {
    return new VolumeRecord(made, begun, asides, givenBack);
  }

  VolumeRecord afterSetAside(Intent done) {
    var more = new ArrayList<>(withoutAside(done.aside()));
    more.add(new AsideRecord(done.aside(), done.at(), done.bytes()));
    return new VolumeRecord(true, null, more, without(givenBack, done.aside()));
  }

  VolumeRecord afterGiveBack(String name) {
    var given = new ArrayList<>(without(givenBack, name));
    given.add(name);
    return new VolumeRecord(true, null, withoutAside(name), given);
  }

  VolumeRecord afterDrop(String name) {
    return new VolumeRecord(made, intent, withoutAside(name), without(givenBack, name));
  }

  private List<AsideRecord> withoutAside(String name) {
    return asides.stream().filter(a -> !a.name().equals(name)).toList();
  }

  private static List<String> without(List<String> names, String name) {
    return names.stream().filter(n -> !n.equals(name)).toList();
  }
}
