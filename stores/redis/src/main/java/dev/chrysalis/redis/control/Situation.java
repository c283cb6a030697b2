package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.control.RestorePoints.CameUpEmpty;
import java.util.List;
import java.util.Optional;

/// What all views of a Redis datastore add up to.
public sealed interface Situation {
  /// The name of the scenario that answers it; `all-well` where nothing has to be done.
  String scenario();

  /// Whether clients can read and write. What is not known is not held against it.
  boolean serves();

  /// The member that takes writes; empty where none does, or more than one.
  Optional<MemberId> takesWrites();

  record AllWell(MemberId master) implements Situation {
    @Override
    public String scenario() {
      return "all-well";
    }

    @Override
    public boolean serves() {
      return true;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.of(master);
    }
  }

  /// No server leads. The master does not answer, its data is there: another leads, or it is
  /// started again.
  ///
  /// @param fit the replicas that could lead, the best first
  /// @param failsOver whether the Sentinels can see to it by themselves
  record MasterDown(MemberId master, List<MemberId> fit, boolean failsOver) implements Situation {
    @Override
    public String scenario() {
      return "master-down";
    }

    @Override
    public boolean serves() {
      return false;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.empty();
    }
  }

  /// The master's data is gone, and another member has some: that one must lead. The master may
  /// serve all the same, with no key in it: then whatever follows it loses its own data.
  ///
  /// @param lost the members that have no data
  /// @param holders the members that have, the best first
  /// @param emptyMaster the member that leads without data, where one does
  record MasterLost(List<MemberId> lost, List<MemberId> holders, Optional<MemberId> emptyMaster)
      implements Situation {
    @Override
    public String scenario() {
      return "master-lost";
    }

    @Override
    public boolean serves() {
      return false;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return emptyMaster;
    }
  }

  /// Replicas whose server does not answer while their data is there.
  record ReplicaDown(MemberId master, List<MemberId> replicas) implements Situation {
    @Override
    public String scenario() {
      return "replica-down";
    }

    @Override
    public boolean serves() {
      return true;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.of(master);
    }
  }

  /// Replicas whose server does not answer and whose data is gone.
  record ReplicaLost(MemberId master, List<MemberId> replicas) implements Situation {
    @Override
    public String scenario() {
      return "replica-lost";
    }

    @Override
    public boolean serves() {
      return true;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.of(master);
    }
  }

  /// Replicas that run, and follow another than the master, or do not reach it.
  record ReplicationBroken(MemberId master, List<MemberId> replicas) implements Situation {
    @Override
    public String scenario() {
      return "replication-broken";
    }

    @Override
    public boolean serves() {
      return true;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.of(master);
    }
  }

  /// Sentinels that do not run.
  ///
  /// @param quorum whether the others can still fail over
  /// @param reachable whether at least one still tells clients where the master is
  record SentinelsDown(MemberId master, List<MemberId> sentinels, boolean quorum, boolean reachable)
      implements Situation {
    @Override
    public String scenario() {
      return "sentinels-down";
    }

    @Override
    public boolean serves() {
      return reachable;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.of(master);
    }
  }

  /// Sentinels that run and cannot fail over: too few of those that they know answer them.
  ///
  /// @param sentinels those that say so
  /// @param why in their own words
  record QuorumLost(MemberId master, List<MemberId> sentinels, String why) implements Situation {
    @Override
    public String scenario() {
      return "quorum-lost";
    }

    @Override
    public boolean serves() {
      return true;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.of(master);
    }
  }

  /// The Sentinels send clients to another server than the one that leads.
  ///
  /// @param named the one that the Sentinels name; empty where it is none of the members
  /// @param leader the one that leads; empty where none does
  record WrongMaster(Optional<MemberId> named, Optional<MemberId> leader) implements Situation {
    @Override
    public String scenario() {
      return "wrong-master";
    }

    @Override
    public boolean serves() {
      return false;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return leader;
    }
  }

  /// More than one member takes writes: no plan is made without a person's word. A former master
  /// that came up just now is `Unclear` instead: the Sentinels make a replica of it.
  ///
  /// @param named the one that the Sentinels name
  record SplitBrain(List<MemberId> masters, Optional<MemberId> named) implements Situation {
    @Override
    public String scenario() {
      return "split-brain";
    }

    @Override
    public boolean serves() {
      return false;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.empty();
    }
  }

  /// No member has data that could serve; or all are empty, and a base of the last day is not; or
  /// they came up empty and were filled anew.
  ///
  /// @param filledAnew by whom, who leads and takes writes
  record StoreLost(List<MemberId> members, Optional<CameUpEmpty> filledAnew) implements Situation {
    StoreLost(List<MemberId> members) {
      this(members, Optional.empty());
    }

    @Override
    public String scenario() {
      return "store-lost";
    }

    @Override
    public boolean serves() {
      return false;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return filledAnew.map(CameUpEmpty::member);
    }
  }

  /// Servers that cannot write their data to disk.
  ///
  /// @param refusesWrites whether the master refuses writes for that
  record PersistenceFailing(MemberId master, List<MemberId> members, boolean refusesWrites)
      implements Situation {
    @Override
    public String scenario() {
      return "persistence-failing";
    }

    @Override
    public boolean serves() {
      return !refusesWrites;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return refusesWrites ? Optional.empty() : Optional.of(master);
    }
  }

  /// The master's memory is used up and it may evict nothing: it refuses writes.
  record OutOfMemory(MemberId master) implements Situation {
    @Override
    public String scenario() {
      return "out-of-memory";
    }

    @Override
    public boolean serves() {
      return false;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.empty();
    }
  }

  /// Too little is known to act on.
  record Unclear(String why) implements Situation {
    @Override
    public String scenario() {
      return "unclear";
    }

    @Override
    public boolean serves() {
      return true;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.empty();
    }
  }
}
