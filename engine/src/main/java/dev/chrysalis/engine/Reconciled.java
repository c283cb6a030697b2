package dev.chrysalis.engine;

import java.util.Map;

/// Whether an act of unknown outcome had happened.
public sealed interface Reconciled {
  record Happened(Map<String, String> evidence) implements Reconciled {}

  record DidNotHappen(String evidence) implements Reconciled {}

  record Unknown(String why) implements Reconciled {}
}
