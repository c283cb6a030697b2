package dev.chrysalis.vault.backend;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long a store holds every new object back from deletion and change, whoever asks.
///
/// @param days from the moment that it is written on; extended while a restore needs it
public record ObjectLock(Mode mode, int days) {
  /// What S3 takes.
  private static final int MOST_DAYS = 36_500;

  private static final Pattern FORM = Pattern.compile("(compliance|governance):([0-9]{1,5})d");

  /// Who may lift a lock early: with `COMPLIANCE` nobody, the owner of the account neither; with
  /// `GOVERNANCE` who has the right `s3:BypassGovernanceRetention`.
  public enum Mode {
    COMPLIANCE,
    GOVERNANCE
  }

  public ObjectLock {
    if (days < 1 || days > MOST_DAYS) {
      throw VaultLocationParser.bad("a lock holds for 1 to " + MOST_DAYS + " days, not " + days);
    }
  }

  /// Reads `compliance:30d` or `governance:30d`.
  static ObjectLock parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw VaultLocationParser.bad("a lock is compliance or governance and days: compliance:30d");
    }
    return new ObjectLock(
        Mode.valueOf(m.group(1).toUpperCase(Locale.ROOT)), Integer.parseInt(m.group(2)));
  }

  /// Until when an object is held that is written, or held anew, at a moment.
  public Instant until(Instant moment) {
    return moment.plus(days, ChronoUnit.DAYS);
  }

  @Override
  public String toString() {
    return mode.name().toLowerCase(Locale.ROOT) + ":" + days + "d";
  }
}
