package dev.chrysalis.recovery;

import dev.chrysalis.platform.Workload;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.control.WalInVault;
import java.util.List;
import java.util.Map;

/// What a copy beside the database is made of. It is kept with the copy's declaration, so that who
/// repeats a restore that was cut off goes on with what was chosen.
///
/// @param timeline in digits, as all are kept
/// @param target the last record that is replayed
/// @param commit when the newest commit in it happened; empty where that is not known
/// @param aim what was asked for, in words; empty where that was not kept
record CopyOrigin(String snapshot, String timeline, String target, String commit, String aim) {
  private static final String SNAPSHOT = "CHRYSALIS_COPY_SNAPSHOT";
  private static final String TIMELINE = "CHRYSALIS_COPY_TIMELINE";
  private static final String TARGET = "CHRYSALIS_COPY_TARGET";
  private static final String COMMIT = "CHRYSALIS_COPY_COMMIT";
  private static final String AIM = "CHRYSALIS_COPY_AIM";

  static CopyOrigin of(RestoreAim aim, WalInVault.Chosen chosen) {
    return new CopyOrigin(
        chosen.snapshot(),
        Integer.toString(chosen.timeline()),
        chosen.target().toString(),
        chosen.commit().map(Object::toString).orElse(""),
        words(aim));
  }

  /// Whether a workload was declared with one.
  static boolean isOf(Workload workload) {
    return workload.environment().containsKey(TARGET);
  }

  /// The one that a copy was declared with.
  static CopyOrigin of(Workload copy) {
    Map<String, String> kept = copy.environment();
    return new CopyOrigin(
        kept.getOrDefault(SNAPSHOT, ""),
        kept.getOrDefault(TIMELINE, ""),
        kept.getOrDefault(TARGET, ""),
        kept.getOrDefault(COMMIT, ""),
        kept.getOrDefault(AIM, ""));
  }

  /// The variables of a copy that is declared with it.
  Map<String, String> environment() {
    return Map.of(SNAPSHOT, snapshot, TIMELINE, timeline, TARGET, target, COMMIT, commit, AIM, aim);
  }

  /// Whether that was asked for when the copy was begun.
  boolean isFor(RestoreAim asked) {
    return aim.isEmpty() || aim.equals(words(asked));
  }

  static String words(RestoreAim aim) {
    return aim.goal() + aim.timeline().map(on -> " on timeline " + on).orElse("");
  }

  /// What the copy's agent is told to restore, and to feed its server with.
  List<String> options() {
    return List.of("--snapshot", snapshot, "--to", "lsn:" + target, "--timeline", timeline);
  }

  Lsn lastRecord() {
    return Lsn.parse(target);
  }
}
