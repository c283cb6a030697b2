package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.KeepPolicy;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalWay;
import dev.chrysalis.postgres.archive.BranchedVault;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.prune.PruneGuard;
import dev.chrysalis.vault.prune.Pruner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Clusters that are restored to moments, promoted, made anew and gone on with after they were
/// left, pruned in between, in an order that a seed says. Whatever the order: each moment of the
/// window to which a branch could be brought before a prune can be reached after it, and the newest
/// of all, too.
class PrunedBranchesTest {
  private static final int SEEDS = Integer.getInteger("branches.seeds", 40);
  private static final int STEPS = 50;
  private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");
  private static final Datastore STORE =
      StackFile.parse(
              "stack.yaml",
              """
              version: 1
              stack: butterfly
              platform: {kind: process, directory: /srv/platform}
              vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
              services: {}
              datastores:
                postgres: {kind: postgresql}
              """)
          .datastores()
          .get(BranchedVault.STORE);

  private long moments;
  private long dropped;
  private long pieces;

  @Test
  void whateverTheOrderWhatCouldBeReachedInTheWindowStaysReachable() {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        new Play(seed).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(moments).isGreaterThan(SEEDS * 50L);
    assertThat(dropped).isGreaterThan(SEEDS);
    assertThat(pieces).isGreaterThan(SEEDS * 10L);
  }

  private record Written(int timeline, int segment, Instant at) {}

  /// @param path all segments on the way to its end, with the timeline that has them; that of a
  ///   fork twice, as it was before the fork and as it went on
  private record Branch(long system, int timeline, List<Written> path) {
    int next() {
      return path.isEmpty() ? 1 : path.getLast().segment() + 1;
    }

    boolean beginsTimeline(int index) {
      return index > 0 && path.get(index - 1).segment() == path.get(index).segment();
    }

    /// Behind what a snapshot of the segment needs; behind a fork where a timeline begins with it.
    Lsn position(int index) {
      int segment = path.get(index).segment();
      return beginsTimeline(index)
          ? BranchedVault.fork(segment).plus(1)
          : BranchedVault.stop(segment).plus(1);
    }

    boolean holds(BackupFacts facts) {
      return facts.systemIdentifier().equals(Long.toString(system))
          && path.stream()
              .anyMatch(w ->
                  w.timeline() == facts.timeline()
                      && BranchedVault.start(w.segment()).equals(facts.startLsn()));
    }
  }

  private record Moment(Branch branch, Lsn position) {}

  private final class Play {
    private final Random random;
    private final BranchedVault made = new BranchedVault(BEGIN);
    private final PostgresInVault inVault =
        new PostgresInVault(made.vault(), BranchedVault.STORE, made.clock());
    private final List<Branch> branches = new ArrayList<>();
    private Instant now = BEGIN;

    Play(long seed) {
      random = new Random(seed);
      branches.add(new Branch(100, 1, new ArrayList<>()));
      backUp(branches.getFirst());
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        now = now.plus(Duration.ofMinutes(1 + random.nextInt(300)));
        made.at(now);
        // Mostly it is the newest that goes on; a server that was left may, too.
        Branch branch =
            random.nextInt(6) > 0
                ? branches.getLast()
                : branches.get(random.nextInt(branches.size()));
        switch (random.nextInt(12)) {
          case 0, 1, 2 -> backUp(branch);
          case 3 -> leave(branch);
          case 4 -> makeAnew();
          case 5, 6 -> prune();
          default -> seal(branch, branch.next());
        }
      }
    }

    private void seal(Branch branch, int segment) {
      made.seal(branch.system(), branch.timeline(), segment);
      branch.path().add(new Written(branch.timeline(), segment, now));
    }

    private void backUp(Branch branch) {
      // Now and then WAL was lost before it.
      int segment = branch.next() + (random.nextInt(10) == 0 ? 1 : 0);
      seal(branch, segment);
      Object _ = made.backUp(branch.system(), branch.timeline(), segment);
    }

    /// A restore to a moment, or a promotion where that is the last one.
    private void leave(Branch branch) {
      int last = random.nextInt(branch.path().size());
      if (branch.beginsTimeline(last)) {
        return;
      }
      List<Written> path = new ArrayList<>(branch.path().subList(0, last + 1));
      int fork = path.getLast().segment();
      int timeline =
          branches.stream()
              .filter(b -> b.system() == branch.system())
              .mapToInt(b -> b.timeline() + 1)
              .max()
              .orElseThrow();
      made.fork(branch.system(), timeline, history(path));
      branches.add(new Branch(branch.system(), timeline, path));
      seal(branches.getLast(), fork);
    }

    /// Where each timeline of a path was left.
    private String history(List<Written> path) {
      List<String> ancestors = new ArrayList<>();
      for (int i = 0; i < path.size(); i++) {
        boolean last = i == path.size() - 1;
        if (last || path.get(i).timeline() != path.get(i + 1).timeline()) {
          ancestors.add(path.get(i).timeline() + " in " + path.get(i).segment());
        }
      }
      return String.join(", ", ancestors);
    }

    private void makeAnew() {
      long system = branches.stream().mapToLong(b -> b.system() + 1).max().orElseThrow();
      branches.add(new Branch(system, 1, new ArrayList<>()));
      backUp(branches.getLast());
    }

    private void prune() {
      Duration within = Duration.ofHours(1 + random.nextInt(60));
      KeepPolicy policy = new KeepPolicy(0, random.nextInt(3), 0, random.nextInt(2), within);
      List<Moment> before = reachable(now.minus(within));
      List<String> newest = newest();
      Pruning.Decision decision = pruning().decide(STORE, policy);
      Pruner pruner = made.vault().pruner(made.backend());
      PruneGuard guard = new Alone();
      pieces += pruner.sweep(pruner.hide(decision.request(), guard), guard).pieces();
      moments += before.size();
      dropped += decision.request().drop().size();
      assertThat(reachable(now.minus(within))).containsExactlyElementsOf(before);
      assertThat(newest()).isEqualTo(newest);
    }

    private Pruning pruning() {
      Leases leases = new Leases(made.vault().records(), Surroundings.system());
      return new Pruning(
          "butterfly",
          made.vault(),
          made.vault().pruner(made.backend()),
          leases,
          new SpentRecords(made.vault(), leases, made.backend()),
          made.clock());
    }

    private List<String> newest() {
      return inVault.newest().stream()
          .map(p -> p.systemIdentifier() + " " + p.timeline() + " " + p.target())
          .toList();
    }

    /// The moments of the window that can be reached: on each branch that was gone on with in it,
    /// what it was when the window began, and after every segment since then.
    private List<Moment> reachable(Instant begin) {
      List<Moment> all = new ArrayList<>();
      List<Snapshot> snapshots = complete();
      for (Branch branch : branches) {
        for (int i = 0; i < branch.path().size(); i++) {
          boolean last = i == branch.path().size() - 1;
          Instant until = last ? branch.path().get(i).at() : branch.path().get(i + 1).at();
          Moment moment = new Moment(branch, branch.position(i));
          if (!until.isBefore(begin) && snapshots.stream().anyMatch(s -> leads(s, moment))) {
            all.add(moment);
          }
        }
      }
      return all;
    }

    private List<Snapshot> complete() {
      List<String> complete = inVault.restorePoints().stream().map(RestorePoint::snapshot).toList();
      return made.vault().snapshots(BranchedVault.STORE).stream()
          .filter(s -> complete.contains(s.id().value()))
          .toList();
    }

    private boolean leads(Snapshot snapshot, Moment moment) {
      BackupFacts facts = BackupFacts.fromMap(snapshot.facts());
      Branch branch = moment.branch();
      return branch.holds(facts)
          && facts.stopLsn().compareTo(moment.position()) <= 0
          && new WalWay(new WalArchive(made.vault(), BranchedVault.STORE), branch.system())
              .leads(branch.timeline(), facts.startLsn(), moment.position());
    }
  }

  private record Alone() implements PruneGuard {
    @Override
    public void mayGoOn() {}

    @Override
    public boolean waitFor(int openSessions) {
      return false;
    }
  }
}
