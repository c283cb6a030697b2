package dev.chrysalis.recovery;

import java.util.List;

/// How well the stack is protected at this moment, computed from the vault by somebody other than
/// the agents.
public interface Protection {
  /// What falls short of policy, for a person; empty where all is well.
  List<String> faults();

  /// The recovery-point age and the newest snapshot of each datastore, in one line.
  String summary();
}
