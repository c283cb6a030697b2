package dev.chrysalis.recovery.services;

import dev.chrysalis.model.MemberId;
import java.util.List;

/// What was found of a service.
public sealed interface ServiceState {
  /// The stable name of the finding: `service-hung`.
  String kind();

  /// What helps.
  Remedy remedy();

  /// One clause for a person, that the service's name goes before.
  String text();

  /// As many members as are wanted are ready.
  record Well() implements ServiceState {
    @Override
    public String kind() {
      return "service-well";
    }

    @Override
    public Remedy remedy() {
      return Remedy.NONE;
    }

    @Override
    public String text() {
      return "is ready";
    }
  }

  /// Members were started not long ago.
  record Starting(List<MemberId> members) implements ServiceState {
    @Override
    public String kind() {
      return "service-starting";
    }

    @Override
    public Remedy remedy() {
      return Remedy.AWAIT;
    }

    @Override
    public String text() {
      return "is starting: " + members;
    }
  }

  /// Something that it needs is broken. Restarting it is not the answer.
  record Waits(List<String> on) implements ServiceState {
    @Override
    public String kind() {
      return "service-waits";
    }

    @Override
    public Remedy remedy() {
      return Remedy.AWAIT;
    }

    @Override
    public String text() {
      return "is not ready because of "
          + String.join(", ", on)
          + "; a restart of it would not help";
    }
  }

  /// Processes are there and answer nothing.
  record Hung(List<MemberId> members) implements ServiceState {
    @Override
    public String kind() {
      return "service-hung";
    }

    @Override
    public Remedy remedy() {
      return Remedy.RESTART;
    }

    @Override
    public String text() {
      return "hangs: the processes of " + members + " are there and answer nothing";
    }
  }

  /// Processes end, with a revision that was ready before.
  record Ended(List<MemberId> members, String lastExit) implements ServiceState {
    @Override
    public String kind() {
      return "service-dead";
    }

    @Override
    public Remedy remedy() {
      return Remedy.RESTART;
    }

    @Override
    public String text() {
      return "is dead: the processes of " + members + " ended (" + lastExit + ")";
    }
  }

  /// Members answer that they are not ready, or do not come up, and nothing says why.
  record NotReady(List<MemberId> members) implements ServiceState {
    @Override
    public String kind() {
      return "service-not-ready";
    }

    @Override
    public Remedy remedy() {
      return Remedy.RESTART;
    }

    @Override
    public String text() {
      return "is not ready: " + members + ", while what it needs is well";
    }
  }

  /// Members of a new revision end, or do not get ready, and of an older one they did.
  record BadRelease(int revision, int good) implements ServiceState {
    @Override
    public String kind() {
      return "service-bad-release";
    }

    @Override
    public Remedy remedy() {
      return Remedy.ROLL_BACK;
    }

    @Override
    public String text() {
      return "does not come up with revision %d; revision %d was ready".formatted(revision, good);
    }
  }

  /// No member is wanted.
  ///
  /// @param before how many it had while all was well
  record ScaledAway(KnownReplicas before) implements ServiceState {
    @Override
    public String kind() {
      return "service-stopped";
    }

    @Override
    public Remedy remedy() {
      return before.count() > 0 ? Remedy.SCALE_UP : Remedy.NONE;
    }

    @Override
    public String text() {
      return "is scaled to 0 replicas; " + before.text();
    }
  }
}
