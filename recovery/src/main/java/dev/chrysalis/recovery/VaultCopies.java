package dev.chrysalis.recovery;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.stack.CopyPolicy;
import dev.chrysalis.model.stack.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// When the vault's copy was last brought up to date, of the rounds that came to their end.
///
/// @param stack its name
public record VaultCopies(String stack, CopyPolicy policy, RecordStore records) {
  /// What is late by more than a round is told.
  private static final int LATE_ROUNDS = 2;

  /// When the next round is due; empty for at once.
  public Optional<Instant> next() {
    return rounds().last().map(last -> last.plus(policy.every()));
  }

  /// A round has ended: the copy has what the vault had when it began.
  public void keep(Instant begun, String what) {
    rounds().keep(begun, what);
  }

  /// What is wrong with its age; empty where nothing is.
  Optional<Finding> finding(Instant now) {
    Optional<Duration> age = rounds().last().map(last -> Duration.between(last, now));
    Duration late = policy.every().multipliedBy(LATE_ROUNDS);
    if (age.filter(a -> a.compareTo(late) <= 0).isPresent()) {
      return Optional.empty();
    }
    String text =
        "the copy of the vault in %s %s, the policy is every %s"
            .formatted(
                policy.location(),
                age.map(a -> "has what the vault had " + Durations.show(a) + " ago")
                    .orElse("was never made"),
                Durations.show(policy.every()));
    return Optional.of(new Finding("vault-copy", Severity.WARNING, stack, text, Map.of()));
  }

  private RoundRecords rounds() {
    return new RoundRecords(records, "copies/" + stack + "/");
  }
}
