package dev.chrysalis.recovery;

import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.recovery.store.StoreProtection;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What one look at the vault showed.
public sealed interface ProtectionView {
  /// What falls short of policy; empty where all is well.
  List<Finding> findings();

  /// The recovery-point ages and the newest snapshots, in one line.
  String summary();

  /// The findings' sentences, for a person.
  default List<String> faults() {
    return findings().stream().map(Finding::text).toList();
  }

  /// The vault was read.
  ///
  /// @param stores what it holds of each datastore, in the order of the stack file
  record Seen(List<StoreProtection> stores, List<Finding> findings) implements ProtectionView {
    public Seen {
      stores = List.copyOf(stores);
      findings = List.copyOf(findings);
    }

    /// How far the newest restorable moment lags behind now, of the datastore that is worst off;
    /// empty where of any nothing can be restored.
    public Optional<Duration> age() {
      return stores.stream().anyMatch(s -> s.age().isEmpty())
          ? Optional.empty()
          : stores.stream().flatMap(s -> s.age().stream()).max(Comparator.naturalOrder());
    }

    /// By when a snapshot of every datastore was taken that can be restored; empty where one has
    /// none.
    public Optional<Instant> snapshots() {
      return stores.stream().anyMatch(s -> s.newest().isEmpty())
          ? Optional.empty()
          : stores.stream()
              .flatMap(s -> s.newest().stream())
              .map(StoreProtection.Window::at)
              .min(Comparator.naturalOrder());
    }

    /// What the vault holds of a datastore.
    public Optional<StoreProtection> of(String datastore) {
      return stores.stream().filter(s -> s.datastore().equals(datastore)).findFirst();
    }

    @Override
    public String summary() {
      return stores.size() == 1
          ? stores.getFirst().summary()
          : stores.stream()
              .map(s -> s.datastore() + ": " + s.summary())
              .collect(Collectors.joining("; "));
    }
  }

  /// The vault could not be read, so nothing is known of what it holds.
  ///
  /// @param subject what it is about: the stack's name
  record Unreadable(String subject, ErrorCode code, String message, String hint)
      implements ProtectionView {
    /// The kind of the finding.
    public static final String KIND = "vault-unreachable";

    @Override
    public List<Finding> findings() {
      return List.of(
          new Finding(
              KIND,
              Severity.CRITICAL,
              subject,
              why(),
              Map.of("code", code.toString(), "hint", hint)));
    }

    @Override
    public String summary() {
      return "recovery point unknown";
    }

    /// In one sentence: `the vault cannot be read: CHR-4007: the vault's directory does not exist`.
    public String why() {
      return "the vault cannot be read: " + code + ": " + message;
    }
  }
}
