package dev.chrysalis.platform;

import dev.chrysalis.model.MemberId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The fake keeps the contract, so that tests which stand on it mean something.
class FakePlatformContractTest extends PlatformContract {
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC())
          .with("web", Workload.Kind.DEPLOYMENT, 2, 3, false)
          .with("store", Workload.Kind.STATEFUL_SET, 1, 2, true)
          .crashingWith(environment -> "yes".equals(environment.get("BROKEN")))
          .withAgent(FakePlatformContractTest::agent);

  @Override
  protected Platform platform() {
    return platform;
  }

  @Override
  protected void kill(MemberId member) {
    platform.kill(member);
  }

  @Override
  protected void hang(MemberId member) {
    platform.hang(member);
  }

  @Override
  protected void writeToVolume(MemberId member, String file, String text) {
    platform.files(member).put(file, text);
  }

  @Override
  protected Optional<String> readFromVolume(MemberId member, String file) {
    return Optional.ofNullable(platform.files(member).get(file));
  }

  @Override
  protected void loseVolume(MemberId member) {
    platform.loseVolume(member);
  }

  private static ExecOutcome agent(
      MemberId member, List<String> arguments, Consumer<String> onLine) {
    if (arguments.getFirst().equals("fail")) {
      return new ExecOutcome.Exited(Integer.parseInt(arguments.get(1)), arguments.get(2));
    }
    arguments.stream().skip(1).forEach(onLine);
    return new ExecOutcome.Exited(0, "");
  }
}
