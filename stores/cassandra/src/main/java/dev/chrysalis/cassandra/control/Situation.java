package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.MemberId;
import java.util.List;
import java.util.stream.Stream;

/// What all views of a ring add up to.
public sealed interface Situation {
  /// The name of the scenario that answers it; `all-well` where nothing has to be done.
  String scenario();

  /// Whether clients can read and write all rows at a quorum. What is not known is not held against
  /// it.
  boolean serves();

  record AllWell() implements Situation {
    @Override
    public String scenario() {
      return "all-well";
    }

    @Override
    public boolean serves() {
      return true;
    }
  }

  /// Nodes that do not answer while their data is there; the others have a quorum of every range.
  record NodeDown(List<MemberId> nodes) implements Situation {
    @Override
    public String scenario() {
      return "node-down";
    }

    @Override
    public boolean serves() {
      return true;
    }
  }

  /// Nodes whose data is gone; the others have a quorum of every range. One may run all the same,
  /// again and again: the ring refuses an empty node at the address of one that it knows.
  ///
  /// @param down nodes that do not answer, with their data there
  record NodeLost(List<MemberId> lost, List<MemberId> down) implements Situation {
    @Override
    public String scenario() {
      return "node-lost";
    }

    @Override
    public boolean serves() {
      return true;
    }
  }

  /// So many nodes do not answer that ranges have no quorum.
  ///
  /// @param down those whose data is there
  /// @param lost those whose data is gone
  /// @param keyspaces the keyspaces as the others see them, with the number of such ranges; empty
  ///   where no node answers
  record QuorumLost(List<MemberId> down, List<MemberId> lost, List<String> keyspaces)
      implements Situation {
    @Override
    public String scenario() {
      return "quorum-lost";
    }

    @Override
    public boolean serves() {
      return false;
    }
  }

  /// Nodes that run and have cut themselves off: drained, or on a disk that they cannot trust.
  record NodeCutOff(List<MemberId> nodes) implements Situation {
    @Override
    public String scenario() {
      return "node-cut-off";
    }

    @Override
    public boolean serves() {
      return true;
    }
  }

  /// Nodes with next to no room on their disk. Some may have ended on that: to restart them is of
  /// no use.
  ///
  /// @param quorum whether the nodes that run have one of every range
  record DiskFull(List<MemberId> nodes, boolean quorum) implements Situation {
    @Override
    public String scenario() {
      return "disk-full";
    }

    @Override
    public boolean serves() {
      return quorum;
    }
  }

  /// Nodes that run and are not yet whole members of the ring.
  ///
  /// @param stuck those of them that have been at it for long, with no data on its way
  record NodeJoining(List<MemberId> nodes, List<MemberId> stuck) implements Situation {
    @Override
    public String scenario() {
      return stuck.isEmpty() ? "node-joining" : "node-stuck";
    }

    @Override
    public boolean serves() {
      return true;
    }
  }

  /// Nodes with another schema than the others.
  ///
  /// @param odd those that are fewer; empty where it cannot be said which are right
  record SchemaSplit(List<MemberId> odd) implements Situation {
    @Override
    public String scenario() {
      return "schema-split";
    }

    @Override
    public boolean serves() {
      return true;
    }
  }

  /// Nodes with SSTables that are not what they wrote, by their newest backup. They serve until
  /// somebody reads them.
  record TablesDamaged(List<MemberId> nodes) implements Situation {
    @Override
    public String scenario() {
      return "tables-damaged";
    }

    @Override
    public boolean serves() {
      return true;
    }
  }

  /// Nodes that came back after the others had ceased to keep hints for them, and were not repaired
  /// since: they lack what was written meanwhile, as far as a quorum of others has it.
  record NodeUnrepaired(List<MemberId> nodes) implements Situation {
    @Override
    public String scenario() {
      return "node-unrepaired";
    }

    @Override
    public boolean serves() {
      return true;
    }
  }

  /// No node has its data.
  ///
  /// @param cameUpNew whether they came up all the same: as another ring, without it
  record StoreLost(List<MemberId> nodes, boolean cameUpNew) implements Situation {
    @Override
    public String scenario() {
      return "store-lost";
    }

    @Override
    public boolean serves() {
      return false;
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
  }

  /// The members that are not as they should be.
  default List<MemberId> troubled() {
    return switch (this) {
      case AllWell _, Unclear _ -> List.of();
      case NodeDown s -> s.nodes();
      case NodeLost s -> joined(s.lost(), s.down());
      case QuorumLost s -> joined(s.down(), s.lost());
      case NodeCutOff s -> s.nodes();
      case DiskFull s -> s.nodes();
      case NodeJoining s -> s.nodes();
      case SchemaSplit s -> s.odd();
      case TablesDamaged s -> s.nodes();
      case NodeUnrepaired s -> s.nodes();
      case StoreLost s -> s.nodes();
    };
  }

  private static List<MemberId> joined(List<MemberId> one, List<MemberId> other) {
    return Stream.concat(one.stream(), other.stream()).sorted().toList();
  }
}
