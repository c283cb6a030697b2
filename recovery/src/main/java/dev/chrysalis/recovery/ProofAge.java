package dev.chrysalis.recovery;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.ProofPolicy;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// How fresh the newest proof of a datastore's restore points is, against what policy asks for.
///
/// @param kind what is proved
/// @param newest the newest proof, whatever its outcome; empty where nothing was ever proved
/// @param policy how old it may become; empty where no policy asks for it
public record ProofAge(
    String store, Kind kind, Optional<Proof> newest, Optional<Duration> policy, Instant now) {
  /// How the kinds of all findings about proofs begin.
  public static final String KINDS = "proof-";

  /// What is proved.
  public enum Kind {
    /// All bytes were read and hashed.
    VERIFIED,
    /// It was restored, and a server on it answered.
    RESTORED;

    private boolean counts(Proof proof) {
      return switch (this) {
        case VERIFIED -> proof.fraction() == 1 || !proof.intact();
        // A restore that succeeded, and was not asked, is half a proof; one that failed is a whole.
        case RESTORED -> proof.level() == Proof.Level.QUERIED || !proof.intact();
      };
    }

    private List<Proof.Level> levels() {
      return switch (this) {
        case VERIFIED -> List.of(Proof.Level.VERIFIED);
        case RESTORED -> List.of(Proof.Level.RESTORED, Proof.Level.QUERIED);
      };
    }

    private Duration policy(ProofPolicy policy) {
      return switch (this) {
        case VERIFIED -> policy.verified();
        case RESTORED -> policy.restored();
      };
    }

    /// As it stands in output.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// The ages of both kinds.
  static List<ProofAge> of(Datastore store, Proofs proofs, Instant now) {
    return List.of(of(store, Kind.VERIFIED, proofs, now), of(store, Kind.RESTORED, proofs, now));
  }

  private static ProofAge of(Datastore store, Kind kind, Proofs proofs, Instant now) {
    return new ProofAge(
        store.name(),
        kind,
        proofs.newestOf(store.name(), kind.levels(), kind::counts),
        store.backup().prove().map(kind::policy),
        now);
  }

  /// Whether policy asks for a new proof now. One that failed is repeated when it is due, not at
  /// once: nothing will have changed.
  public boolean due() {
    return policy.isPresent() && age().map(a -> a.compareTo(policy.get()) >= 0).orElse(true);
  }

  /// What is wrong with it, if anything.
  ///
  /// @param first when the oldest restore point was made: from then on one could have been proved
  Optional<Finding> finding(Supplier<Optional<Instant>> first) {
    if (newest.isPresent() && !newest.get().intact()) {
      Proof failed = newest.get();
      String why = failed.facts().getOrDefault("faults", failed.damaged().toString());
      return Optional.of(
          finding(
              KINDS + "failed",
              "%s: restore point %s was not %s at %s: %s"
                  .formatted(store, failed.snapshot(), kind.word(), failed.at(), why)));
    }
    // Twice the policy, so that a proof which runs just now is not called late.
    return policy
        .filter(p -> unproved(first).filter(a -> a.compareTo(p.multipliedBy(2)) > 0).isPresent())
        .map(p -> finding(KINDS + "late", late(p)));
  }

  private Optional<Duration> unproved(Supplier<Optional<Instant>> first) {
    return age().or(() -> first.get().map(at -> Duration.between(at, now)));
  }

  private String late(Duration policy) {
    String since =
        age()
            .map(a -> "no restore point was " + kind.word() + " for " + Durations.show(a))
            .orElse("no restore point was ever " + kind.word());
    return "%s: %s, the policy is every %s".formatted(store, since, Durations.show(policy));
  }

  @Override
  public String toString() {
    String proved =
        newest
            .map(p ->
                "%s%s %s ago (%s)"
                    .formatted(
                        p.intact() ? "" : "NOT ",
                        kind.word(),
                        Durations.show(Duration.between(p.at(), now)),
                        p.snapshot()))
            .orElse("never " + kind.word());
    return proved + policy.map(p -> ", policy " + Durations.show(p)).orElse("");
  }

  private Optional<Duration> age() {
    return newest.map(p -> Duration.between(p.at(), now));
  }

  private Finding finding(String name, String text) {
    return new Finding(name, Severity.WARNING, store, text, Map.of());
  }
}
