package dev.chrysalis.platform;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Where the stack runs. Reading is free; every changing call carries the caller's fencing token
/// and is refused (`PlatformErrors.STALE_TOKEN`) when a higher one was seen. Changing calls are
/// idempotent and return when the change is durably *wanted*, not when it is reached: callers probe
/// for the goal. Safe for many threads. Errors are `ChrysalisException`s of `PlatformErrors`.
public interface Platform extends AutoCloseable {
  /// The variable of a scratch workload's environment that names the workload it is like.
  String SCRATCH_OF = "CHRYSALIS_SCRATCH_OF";

  /// All workloads, by name.
  List<Workload> workloads();

  /// One workload as observed now; `NO_SUCH_WORKLOAD` where there is none.
  Workload workload(String name);

  /// The newest events of a workload and its members, oldest first.
  List<PlatformEvent> events(String workload, int newest);

  /// The newest lines that a member's container printed, oldest first, of this and the previous
  /// incarnation; also while the member is stopped. No name (`""`) means the member's main
  /// container, which is the first one declared. A container that there is not has printed nothing.
  List<String> logs(MemberId member, String container, int newestLines);

  /// Sets how many members are wanted. Members are removed from the highest ordinal down.
  void scale(Token token, String workload, int replicas);

  /// Replaces all members by fresh processes of the same revision, one after another, each awaited
  /// until ready.
  void restart(Token token, String workload);

  /// Replaces one member's processes now, even hung ones.
  void restartMember(Token token, MemberId member);

  /// Makes the given older revision the current one (as a new revision with its content) and rolls
  /// it out.
  void rollback(Token token, String workload, int revision);

  /// Sets variables of the environment of all containers. Makes a new revision and rolls it out
  /// unless they have these values already. Returns the workload's current revision.
  int configure(Token token, String workload, Map<String, String> environment);

  /// Stops a member and keeps it stopped, whoever asks for it, until `unfence`. Safe to repeat.
  Fencing fence(Token token, MemberId member, String cause);

  /// What is known of a member's fencing now.
  Fencing fencing(MemberId member);

  /// Lets a fenced member run again.
  void unfence(Token token, MemberId member);

  /// The member's volume as it lies there now; also while the member is stopped.
  Volume volume(MemberId member);

  /// Moves the member's volume aside under a name (`[a-z0-9-]+`) and gives the member an empty one.
  /// Refused (`VOLUME_IN_USE`) while a process of the member runs. While there is an aside of that
  /// name, repeating the call changes nothing. Where the volume is missing, the member gets an
  /// empty one and there is no aside; whatever lies in it by the time of a repeated call is set
  /// aside.
  void setAside(Token token, MemberId member, String aside);

  /// Puts an aside volume back in the member's place; what lay there is removed. Refused while a
  /// process of the member runs. Repeating it once it has happened changes nothing.
  void giveBack(Token token, MemberId member, String aside);

  /// Removes an aside volume for good; one that is not there is no error.
  void dropAside(Token token, MemberId member, String aside);

  /// The volumes set aside of a workload's members, oldest first.
  List<Aside> asides(String workload);

  /// Declares a workload of one member that runs the main container of `like`, with the same agent,
  /// on an empty volume and an address of its own, and with these variables besides. What else runs
  /// beside members of `like` (a shipper) does not. It begins fenced, so that its volume can be
  /// filled, and shows `SCRATCH_OF` in its environment. Repeating the call changes nothing. Refused
  /// (`BAD_SPECIFICATION`) where another workload has the name, where `like` has no volumes, and
  /// where there is no address left.
  void createScratch(Token token, String like, String name, Map<String, String> environment);

  /// Ends a workload that `createScratch` declared and removes it, its volume with it; one that is
  /// not there is no error. Refused (`BAD_SPECIFICATION`) for every other workload, and
  /// (`VOLUME_IN_USE`) while an agent's job works on it.
  void removeScratch(Token token, String name);

  /// Runs the agent beside a member, with access to its volume, whether the member's server runs or
  /// not. `arguments` follow the agent's own command (`job start …`). Standard output goes to
  /// `onLine` line by line. Blocks until the agent's process ends, the connection breaks or the
  /// thread is interrupted (the process may go on then).
  ExecOutcome exec(MemberId member, List<String> arguments, Consumer<String> onLine);

  @Override
  void close();
}
