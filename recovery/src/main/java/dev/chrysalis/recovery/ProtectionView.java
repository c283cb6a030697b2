package dev.chrysalis.recovery;

import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one look at the vault showed.
public sealed interface ProtectionView {
  /// What falls short of policy; empty where all is well.
  List<Finding> findings();

  /// The recovery-point age and the newest snapshot, in one line.
  String summary();

  /// The findings' sentences, for a person.
  default List<String> faults() {
    return findings().stream().map(Finding::text).toList();
  }

  /// The vault was read.
  ///
  /// @param newest the newest moment that can be restored, if any
  /// @param age how far it lags behind now; empty where nothing can be restored
  record Seen(Optional<RestorePoint> newest, Optional<Duration> age, List<Finding> findings)
      implements ProtectionView {
    public Seen {
      findings = List.copyOf(findings);
    }

    @Override
    public String summary() {
      return age.map(a -> "recovery point " + Durations.show(a) + " ago").orElse("none")
          + newest.map(p -> ", snapshot " + p.snapshot()).orElse("");
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
