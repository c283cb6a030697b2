package dev.chrysalis.platform;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A member of the `FakePlatform`; its volume is a map of files.
final class FakeMember {
  final MemberId id;
  final Map<String, FakeAside> asides = new LinkedHashMap<>();
  final Set<String> givenBack = new TreeSet<>();
  final List<String> log = new ArrayList<>();
  Map<String, String> volume = new TreeMap<>();
  boolean volumeThere;
  boolean volumeLocked;
  boolean running;
  boolean hung;
  boolean looping;
  boolean slow;
  boolean unprovable;
  int restarts;
  int revision = 1;
  String lastExit = "";
  Instant since = Instant.EPOCH;
  @Nullable FakeFence fence;

  /// `files` is null where the volume was missing when it was set aside.
  record FakeAside(@Nullable Map<String, String> files, Instant at) {}

  record FakeFence(Token token, String cause) {}

  FakeMember(MemberId id, boolean hasVolume) {
    this.id = id;
    this.volumeThere = hasVolume;
  }

  void start(int wanted) {
    running = true;
    hung = false;
    looping = false;
    revision = wanted;
    log.add("hello from " + id);
  }

  void stop(Instant now) {
    running = false;
    hung = false;
    looping = false;
    restarts = 0;
    since = now;
  }

  Member observed() {
    return new Member(
        id,
        "127.0.0." + (id.ordinal() + 1),
        phase(),
        running && !hung && !slow,
        restarts,
        revision,
        since,
        lastExit);
  }

  private Member.Phase phase() {
    if (fence != null) {
      return Member.Phase.FENCED;
    }
    if (looping) {
      return Member.Phase.CRASH_LOOPING;
    }
    if (running) {
      return slow ? Member.Phase.STARTING : Member.Phase.RUNNING;
    }
    return Member.Phase.STOPPED;
  }
}
