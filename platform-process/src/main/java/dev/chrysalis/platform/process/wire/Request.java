package dev.chrysalis.platform.process.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.util.List;
import java.util.Map;

/// What a client asks. One line of JSON, one request per connection.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Ping.class, name = "ping"),
  @JsonSubTypes.Type(value = Request.Shutdown.class, name = "shutdown"),
  @JsonSubTypes.Type(value = Request.Workloads.class, name = "workloads"),
  @JsonSubTypes.Type(value = Request.OneWorkload.class, name = "workload"),
  @JsonSubTypes.Type(value = Request.Events.class, name = "events"),
  @JsonSubTypes.Type(value = Request.Logs.class, name = "logs"),
  @JsonSubTypes.Type(value = Request.FencingOf.class, name = "fencing"),
  @JsonSubTypes.Type(value = Request.VolumeOf.class, name = "volume"),
  @JsonSubTypes.Type(value = Request.Asides.class, name = "asides"),
  @JsonSubTypes.Type(value = Request.Processes.class, name = "processes"),
  @JsonSubTypes.Type(value = Request.HighestToken.class, name = "highest-token"),
  @JsonSubTypes.Type(value = Request.Exec.class, name = "exec"),
  @JsonSubTypes.Type(value = Request.Apply.class, name = "apply"),
  @JsonSubTypes.Type(value = Request.Scale.class, name = "scale"),
  @JsonSubTypes.Type(value = Request.Restart.class, name = "restart"),
  @JsonSubTypes.Type(value = Request.RestartMember.class, name = "restart-member"),
  @JsonSubTypes.Type(value = Request.Rollback.class, name = "rollback"),
  @JsonSubTypes.Type(value = Request.Configure.class, name = "configure"),
  @JsonSubTypes.Type(value = Request.Fence.class, name = "fence"),
  @JsonSubTypes.Type(value = Request.Unfence.class, name = "unfence"),
  @JsonSubTypes.Type(value = Request.SetAside.class, name = "set-aside"),
  @JsonSubTypes.Type(value = Request.GiveBack.class, name = "give-back"),
  @JsonSubTypes.Type(value = Request.DropAside.class, name = "drop-aside"),
  @JsonSubTypes.Type(value = Request.CreateScratch.class, name = "create-scratch"),
  @JsonSubTypes.Type(value = Request.RemoveScratch.class, name = "remove-scratch")
})
public sealed interface Request {
  /// Asks for nothing but an answer: the supervisor's pid.
  record Ping() implements Request {}

  /// Stops all members, then the supervisor.
  record Shutdown() implements Request {}

  record Workloads() implements Request {}

  record OneWorkload(String workload) implements Request {}

  record Events(String workload, int newest) implements Request {}

  record Logs(MemberId member, String container, int newest) implements Request {}

  record FencingOf(MemberId member) implements Request {}

  record VolumeOf(MemberId member) implements Request {}

  record Asides(String workload) implements Request {}

  record Processes(MemberId member) implements Request {}

  record HighestToken() implements Request {}

  /// Answered by many lines: `Reply.Line` and `Reply.Beat`, at the end `Reply.Exit`.
  record Exec(MemberId member, List<String> arguments) implements Request {}

  /// A request that is refused when a higher token was seen.
  sealed interface Changing extends Request {
    Token token();
  }

  record Apply(Token token, WorkloadSpec spec) implements Changing {}

  record Scale(Token token, String workload, int replicas) implements Changing {}

  record Restart(Token token, String workload) implements Changing {}

  record RestartMember(Token token, MemberId member) implements Changing {}

  record Rollback(Token token, String workload, int revision) implements Changing {}

  record Configure(Token token, String workload, Map<String, String> environment)
      implements Changing {}

  record Fence(Token token, MemberId member, String cause) implements Changing {}

  record Unfence(Token token, MemberId member) implements Changing {}

  record SetAside(Token token, MemberId member, String aside) implements Changing {}

  record GiveBack(Token token, MemberId member, String aside) implements Changing {}

  record DropAside(Token token, MemberId member, String aside) implements Changing {}

  record CreateScratch(Token token, String like, String name, Map<String, String> environment)
      implements Changing {}

  record RemoveScratch(Token token, String name) implements Changing {}
}
