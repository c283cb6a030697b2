package dev.chrysalis.recovery.aftermath;

import dev.chrysalis.engine.Plan;
import java.util.Optional;
import java.util.regex.Pattern;

/// The plan for what may happen one day, under the name of its page.
///
/// @param name small letters, digits, hyphens: `store-lost`
/// @param datastore of which datastore it is; empty where that need not be said
public record Runbook(String name, Plan plan, Optional<String> datastore) {
  /// Stands in steps for what only the day shows; a shell fills it in.
  public static final String TARGET = "$TARGET";

  /// The same for the revision that a service is rolled back to.
  public static final String REVISION = "$REVISION";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,100}");

  /// Of no datastore.
  Runbook(String name, Plan plan) {
    this(name, plan, Optional.empty());
  }

  public Runbook {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a page: " + name);
    }
  }
}
