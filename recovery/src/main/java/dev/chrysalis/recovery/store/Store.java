package dev.chrysalis.recovery.store;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.RestoreAim;
import dev.chrysalis.recovery.forecast.Speeds;
import dev.chrysalis.vault.SnapshotId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A datastore as recovery sees it, whatever kind it is. Holds no state of its own; every call
/// looks anew. Safe for many threads.
public interface Store extends ProtectedStore {
  /// What it is found to be now; its members are asked side by side. Changes nothing.
  StoreSituation look();

  /// Who makes its plans, with what runs have shown. An aim is resolved here: `NO_RESTORE_POINT`,
  /// `OUT_OF_WINDOW` or `NO_SUCH_TARGET` where the vault holds nothing that reaches it,
  /// `TARGET_DOES_NOT_FIT` where this kind of datastore knows no such aim.
  ///
  /// @param aim the moment to go back to
  /// @param ground upon what the first member is restored
  /// @param reading told while the vault's log is read for it
  StorePlanner planner(
      StoreSituation found,
      Optional<RestoreAim> aim,
      RestoreGround ground,
      Speeds speeds,
      WalInVault.Reading reading);

  /// The plan that brings it back, lost as it is, from a dump in the place of what the vault holds.
  Plan planWithDump(StoreSituation found, StoreRequest request, StoreDump dump, Speeds speeds);

  /// By an action's name, how long it would take by what runs have shown.
  Map<String, Duration> measured(Speeds speeds);

  /// The plans for what is most feared, the longest last: what its forecasts are made from.
  ///
  /// @param members at least one; the first of them stands for the one that takes writes
  List<Plan> feared(List<MemberId> members, Speeds speeds);

  /// The plans for what may happen one day, the mildest first: for a healthy datastore always the
  /// same.
  ///
  /// @param members as for `feared`
  List<Plan> rehearsed(List<MemberId> members);

  /// The plan for when all members are down with their data there.
  Plan allDown(List<MemberId> members);

  /// What its plans' steps do.
  List<Action> actions();

  /// The platform's names of all that belongs to it, the members with its data first.
  List<String> workloads();

  /// What the agents are told beside the members to back it up, as jobs.
  ///
  /// @param name of the backup: small letters, digits and dashes
  List<String> backupTask(String name);

  /// The snapshots that a restore point is made of, by a name under which users know it.
  /// `IllegalArgumentException` where that is none.
  default List<SnapshotId> named(String restorePoint) {
    return List.of(new SnapshotId(restorePoint));
  }

  /// What its agent is told to look at, by exec.
  List<String> checkTask();
}
