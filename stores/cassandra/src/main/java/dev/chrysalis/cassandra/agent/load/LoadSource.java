package dev.chrysalis.cassandra.agent.load;

import dev.chrysalis.platform.volume.CopyProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/// Where tables come from. For one thread.
public sealed interface LoadSource permits SnapshotTables, PlainTables, TablesAtMoment {
  /// Brings what is needed before any table is fetched. It may take long, and afterwards more
  /// tables may have files.
  void prepare(
      LoadRequest request, LoadProcess loader, ScratchSpace scratch, CopyProgress progress);

  /// All tables that have files, with their bytes on all nodes.
  SortedMap<TableName, Long> tables();

  /// The statements that make them; those of keyspaces only where somebody wrote them down.
  RingSchema schema();

  /// Brings a table's files into folders, one for each folder that a node had them in.
  ///
  /// @param into an empty folder
  List<Path> fetch(TableName table, Path into, CopyProgress progress);
}
