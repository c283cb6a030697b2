package dev.chrysalis.postgres.control;

import dev.chrysalis.model.MemberId;
import java.util.List;

/// What all views of a PostgreSQL datastore add up to.
public sealed interface Situation {
  /// The name of the scenario that answers it; `all-well` where nothing has to be done.
  String scenario();

  record AllWell(MemberId primary) implements Situation {
    @Override
    public String scenario() {
      return "all-well";
    }
  }

  /// The primary's server does not answer, its data is there: restart it.
  record PrimaryDown(MemberId primary) implements Situation {
    @Override
    public String scenario() {
      return "primary-down";
    }
  }

  /// No member takes writes, the data of some is gone, the primary's with it; a standby is there.
  record PrimaryLost(List<MemberId> lost, List<MemberId> standbys) implements Situation {
    @Override
    public String scenario() {
      return "primary-lost";
    }
  }

  /// Standbys whose server does not answer while their data is there.
  record ReplicaDown(MemberId primary, List<MemberId> replicas) implements Situation {
    @Override
    public String scenario() {
      return "replica-down";
    }
  }

  /// Standbys whose data is gone.
  ///
  /// @param formerPrimaries those of them whose data is whole and a primary's: they took writes
  ///   once that the others may never have seen
  record ReplicaLost(MemberId primary, List<MemberId> replicas, List<MemberId> formerPrimaries)
      implements Situation {
    @Override
    public String scenario() {
      return "replica-lost";
    }
  }

  /// Standbys that run but do not follow the primary.
  record ReplicationBroken(MemberId primary, List<MemberId> replicas) implements Situation {
    @Override
    public String scenario() {
      return "replication-broken";
    }
  }

  /// No member has data that could serve.
  record StoreLost(List<MemberId> members) implements Situation {
    @Override
    public String scenario() {
      return "store-lost";
    }
  }

  /// More than one member takes writes: no plan is made without a person's word.
  record SplitBrain(List<MemberId> primaries) implements Situation {
    @Override
    public String scenario() {
      return "split-brain";
    }
  }

  /// Too little is known to act on.
  record Unclear(String why) implements Situation {
    @Override
    public String scenario() {
      return "unclear";
    }
  }
}
