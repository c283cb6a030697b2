package dev.chrysalis.recovery.store;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.MemberId;
import java.util.List;
import java.util.Optional;

/// What a datastore's members add up to, in that kind's own words.
public interface StoreState {
  /// The scenario in which there is nothing to recover.
  String ALL_WELL = "all-well";

  /// The name of the scenario that answers it; `ALL_WELL` where nothing has to be done.
  String scenario();

  /// Whether it serves the services that need it. What is not known is not held against it.
  boolean serves();

  /// Whether it is down with its data there: a start brings it back.
  boolean standsStill();

  /// The one member that is known to take writes.
  Optional<MemberId> takesWrites();

  /// The members beside which it is backed up, all at once; empty where it cannot be now.
  default List<MemberId> backedUpBeside() {
    return takesWrites().stream().toList();
  }

  /// The members that a backup should have something of, and has not now.
  default List<MemberId> leftOut() {
    return List.of();
  }

  /// The members that hold its data, in the platform's order.
  List<MemberId> members();

  /// What is to be told of it.
  ///
  /// @param datastore its name in the stack file
  List<Finding> findings(String datastore);

  /// In one line.
  String summary();
}
