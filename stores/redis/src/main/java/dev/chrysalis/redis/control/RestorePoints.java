package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the controller asks of the vault's bases and logs. Every call looks anew.
public interface RestorePoints {
  /// All bases, oldest first, each with the newest moment that the log behind it reaches.
  List<Point> all();

  /// The one whose window reaches the newest moment; empty where nothing can be restored.
  Optional<Point> newest();

  /// The newest moment of which the vault holds the state; empty where it holds none.
  Optional<Instant> recoveryPoint();

  /// The same by the bases and the log of one member only.
  Optional<Instant> recoveryPoint(MemberId member);

  /// What the bases of the day before the newest one tell: the most keys that one of them holds,
  /// since a base of a server that came up empty says nothing of what was lost, and whether one is
  /// of such a server. Cheap: only the catalog is read.
  Past past();

  /// Notes that what was restored is the store's data from that moment on, however much it is.
  /// Repeated it changes nothing.
  void accept(Instant at);

  /// The base and the end of the log that bring the store to a moment. `NO_RESTORE_POINT` or
  /// `OUT_OF_WINDOW` where none does.
  ///
  /// @param to empty for the newest moment at which the store held anything: an empty base without
  ///   a log is passed over where one of the day before it has keys, and so is all since the store
  ///   came up empty
  Chosen choose(Optional<Instant> to);

  /// The base of that name and the end of its log that bring the store to the first moment that it
  /// can be brought to, whatever the other bases' logs and files are like.
  /// `VaultErrors.NO_SUCH_SNAPSHOT` where there is none of that name, or where another member had
  /// taken over when it was taken; `NO_RESTORE_POINT` where what belongs to it is missing in its
  /// log.
  Chosen ofSnapshot(String snapshot);

  /// The name of the newest base, also where it cannot be restored, or not even be read.
  Optional<String> newestSnapshot();

  /// That a store came up empty although it had keys.
  ///
  /// @param member who led without them
  /// @param at when that was seen first
  /// @param keysBefore how many there were
  ///
  /// @param filledBy the `master_replid` of those that are known to have begun without a key, or to
  ///   have copied one that had: however many keys they have now. Empty where only the number of
  ///   keys tells
  record CameUpEmpty(MemberId member, Instant at, long keysBefore, Set<String> filledBy) {
    public CameUpEmpty {
      filledBy = Set.copyOf(filledBy);
    }

    /// Where only the number of keys tells.
    public CameUpEmpty(MemberId member, Instant at, long keysBefore) {
      this(member, at, keysBefore, Set.of());
    }
  }

  /// @param version of the server
  /// @param from the first moment that the base can be brought to
  /// @param to the newest moment that the log behind it reaches; `from` where it stands alone
  /// @param appendOnly whether the server wrote an append-only file: without one there is no log
  ///   behind the base
  /// @param keys of the base; -1 where that is not known
  /// @param bytes the size of the base
  /// @param missingPacks how many of the snapshot's packs the vault does not hold
  record Point(
      String snapshot,
      MemberId member,
      String version,
      Instant from,
      Instant to,
      boolean appendOnly,
      long keys,
      long bytes,
      int missingPacks) {}

  /// @param log the stream of the log behind the base; empty where the base stands alone
  /// @param from where the base stands in it
  /// @param to where it is cut, between two commands
  /// @param at the moment that is reached
  record Chosen(
      String snapshot,
      String version,
      Optional<String> log,
      long from,
      long to,
      Instant at,
      long keys,
      long bytes,
      int missingPacks) {}
}
